"""Turn a person's name into what can be compared: its parts, their sounds, keys for an index, a likeness.

Pure: no database, no clock, no cryptography; the keys are words here and become blind where they are kept. Made for
names as they are said and written down in the Americas: Spanish, Mayan, Haitian Creole and French, English and
Portuguese. Search builds on it, and so may linkage. Decision: 0023.
"""

from amparo.names.keys import Asked, Index, Key, asked_keys, keys_of
from amparo.names.likeness import likeness
from amparo.names.parts import parts_of
from amparo.names.sounds import sound_of, sounds_of

__all__ = ["Asked", "Index", "Key", "asked_keys", "keys_of", "likeness", "parts_of", "sound_of", "sounds_of"]
