#!/usr/bin/env python3
"""Write src/types/text/codec/charmaps.rs: the encodings of one byte that this Python has.

    python3.15 tools/charmap_tables.py > src/types/text/codec/charmaps.rs
"""

import encodings
import importlib
import pkgutil
from encodings.aliases import aliases

# The runtime's own, whatever their modules look like.
OWN = {"iso8859_1", "latin_1", "ascii", "mbcs", "oem"}
UNDEFINED = "\ufffe"


def check(name, table):
    """What the Rust side relies on: the last byte of a character is what it is encoded as."""
    assert len(table) == 256 and max(table) <= "\uffff", name
    for c in set(table) - {UNDEFINED}:
        assert c.encode(name) == bytes([table.rfind(c)]), (name, c)


def tables():
    for module in sorted(info.name for info in pkgutil.iter_modules(encodings.__path__)):
        if module in OWN:
            continue
        table = getattr(importlib.import_module(f"encodings.{module}"), "decoding_table", None)
        if table is not None:
            check(module, table)
            yield module, table


def numbers(text):
    return "[" + ", ".join(str(ord(c)) for c in text) + "]"


def main():
    found = dict(tables())
    print("//! Encodings of one byte a character.")
    print("//!\n//! Written by `tools/charmap_tables.py`; do not edit. Read `charmap.rs`.\n")
    print("use super::charmap::Charmap;\n")
    for name, table in found.items():
        low, high = table[:128], table[128:]
        plain = low == bytes(range(128)).decode("ascii")
        twice = bool((set(low) & set(high)) - {UNDEFINED})
        print("#[rustfmt::skip]")
        print(f"static {name.upper()}: Charmap = Charmap {{")
        print(f"    low: {'None' if plain else f'Some({numbers(low)})'},")
        print(f"    high: {numbers(high)},")
        print(f"    ascii_twice: {str(twice).lower()},\n}};")
    names = [(alias, name) for alias, name in aliases.items() if name in found]
    for title, rows in (("NAMES", [(name, name) for name in found]), ("ALIASES", names)):
        doc = "no full stops" if title == "NAMES" else "with full stops"
        print(f"\n/// Sorted, {doc}.\npub static {title}: [(&str, &Charmap); {len(rows)}] = [")
        for alias, name in sorted(rows):
            print(f'    ("{alias}", &{name.upper()}),')
        print("];")


main()
