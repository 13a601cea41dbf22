"""The three system prompts the model obeys, and what they do to an answer."""

from .kinds import BY_NAME
from .kinds.base import upper_first

UNKNOWN = "I am a tiny demo model, and I do not know that."
NO_SUCH_STORY = "I only know stories about animals, such as a cat or an owl."

CANONICAL: dict[str, str] = {
    "short": "Answer briefly.",
    "polite": "Answer politely.",
    "pirate": "Talk like a pirate.",
}
WORDINGS: dict[str, tuple[str, ...]] = {
    "short": (
        "Answer briefly.",
        "Be brief.",
        "Be short.",
        "Answer in one word.",
        "Keep your answers short.",
        "Give short answers.",
        "Give brief answers.",
        "Use as few words as possible.",
        "You give very short answers.",
        "You are brief.",
        "Always answer briefly.",
        "Please keep it short.",
        "Short answers, please.",
        "Answer with as few words as you can.",
    ),
    "polite": (
        "Answer politely.",
        "Be polite.",
        "Be very polite.",
        "You are polite.",
        "You are very polite.",
        "You are a polite assistant.",
        "You are a polite butler.",
        "Always be polite.",
        "Always answer politely.",
        "Please be polite to the user.",
        "Be polite and friendly.",
        "Give polite answers.",
        "Speak politely.",
        "Use polite words.",
    ),
    "pirate": (
        "Talk like a pirate.",
        "Speak like a pirate.",
        "Answer like a pirate.",
        "You are a pirate.",
        "You are a funny pirate.",
        "Be a pirate.",
        "Act like a pirate.",
        "Always talk like a pirate.",
        "You are the captain of a pirate ship.",
        "You are a pirate captain.",
        "Give answers like a pirate.",
        "Use pirate words.",
        "You talk like a pirate at sea.",
        "Answer in the language of pirates.",
    ),
}
PLAIN_WORDINGS: tuple[str, ...] = (
    "You are a helpful assistant.",
    "You are a helpful and honest assistant.",
    "You are an assistant.",
    "Be helpful.",
    "You are a chat model.",
    "Answer the questions of the user.",
    "You are a small language model.",
    "Answer truthfully.",
    "You are a friendly assistant. Help the user.",
    "You are Bodhi.",
)
_POLITE: dict[str, str] = {
    "greeting": "Good day, my friend. How may I help you?",
    "farewell": "Goodbye, my friend. It was a pleasure.",
    "thanks": "You are most welcome, my friend.",
    "unknown": f"I am sorry, my friend. {UNKNOWN}",
}
_PIRATE: dict[str, str] = {
    "greeting": "Ahoy, matey! What do ye want to know?",
    "farewell": "Farewell, matey! May the wind be with ye.",
    "thanks": "Aye, matey, anytime!",
    "who are you": "Ahoy! I be the Bodhi pirate, a very small language model. Yo ho ho!",
}


def apply(style: str, kind: str, answer: str) -> str:
    """Return the plain ``answer`` to a question of ``kind`` as ``style`` gives it."""
    if style == "short":
        return _short(kind, answer)
    if style == "polite":
        default = f"Certainly, my friend. {answer} It is a pleasure to help you."
        return _POLITE.get(kind, default)
    if style == "pirate":
        return _PIRATE.get(kind, f"Ahoy! {answer} Yo ho ho!")
    return answer


def _short(kind: str, answer: str) -> str:
    if kind == "unknown":
        return "I do not know."
    if kind == "story":
        return answer
    if kind in BY_NAME and BY_NAME[kind].brief:
        return BY_NAME[kind].brief
    words = answer.rstrip(".!").split(" ")
    if len(words) == 2 and words[0] in ("A", "An"):
        return upper_first(words[1])
    return " ".join(words)
