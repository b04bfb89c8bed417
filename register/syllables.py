"""Checks whether a word can be a Vietnamese syllable, to detect text in an old encoding."""

import unicodedata
from functools import lru_cache

TONES = {"\u0300": "grave", "\u0301": "acute", "\u0309": "hook", "\u0303": "tilde", "\u0323": "dot"}
STOPPED_TONES = frozenset(("acute", "dot"))

INITIALS = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip

RIMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu iê
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uên uênh uêu ui um un ung uơ up ut uy uya uych uyên uyêt uynh uyp uyt uyu
    uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y yê yêm yên yêng yêt yêu ynh yt êng ên iêng
    """.split()
)


@lru_cache(maxsize=50_000)
def split_tone(word: str) -> tuple[str, tuple[str, ...]]:
    """Return the word in lower case without tone marks, and the removed tones."""
    letters, tones = [], []
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in TONES:
            tones.append(TONES[mark])
        else:
            letters.append(mark)
    return unicodedata.normalize("NFC", "".join(letters)), tuple(tones)


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether `word` follows the spelling of a Vietnamese syllable; case does not matter."""
    bare, tones = split_tone(word)
    if len(tones) > 1:
        return False
    if tones and bare.endswith(("c", "ch", "p", "t")) and tones[0] not in STOPPED_TONES:
        return False
    return any(bare.startswith(head) and bare[len(head) :] in RIMES for head in INITIALS) or bare in ("gi", "quy")


@lru_cache(maxsize=50_000)
def spoken(word: str) -> str:
    """Return one key for the spelling variants of a syllable: "hoà" and "hòa", "kỳ" and "kì"."""
    bare, tones = split_tone(word)
    ending = bare[:-1] + "i" if len(bare) > 1 and bare.endswith("y") and bare[-2] not in "aâu" else bare
    return ending + "".join(sorted(tones))
