#!/usr/bin/env python3
"""Write src/types/text/tables.rs: the character database of the Python that runs this.

Everything is asked of str's own methods, so the tables agree with them by
construction: run it under the CPython that the library claims to be.

    python3.15 tools/unicode_tables.py > src/types/text/tables.rs
    PYTHONHASHSEED=0 python3.15 tools/unicode_tables.py --facts > src/types/text/recorded/unicode.txt
    python3.15 tools/unicode_tables.py --dump > /tmp/unicode.dump
"""

import sys
import unicodedata

COUNT = 0x110000
SIGMA, FINAL_SIGMA = "\u03a3", "\u03c2"


def final_after(tail):
    return ("A" + SIGMA + tail).lower()[1] == FINAL_SIGMA


def ignorable(c):
    return final_after(c) and not final_after(c + "A")


FLAGS = [
    ("ALPHA", str.isalpha),
    ("DECIMAL", str.isdecimal),
    ("DIGIT", str.isdigit),
    ("NUMERIC", str.isnumeric),
    ("SPACE", str.isspace),
    ("LOWER", str.islower),
    ("UPPER", str.isupper),
    ("TITLE", lambda c: c.istitle() and not c.isupper()),
    ("PRINTABLE", str.isprintable),
    ("XID_START", str.isidentifier),
    ("XID_CONTINUE", lambda c: ("a" + c).isidentifier()),
    ("CASE_IGNORABLE", ignorable),
]

MAPPINGS = [
    ("upper", str.upper),
    ("lower", str.lower),
    ("title", lambda c: c.title()),
    ("fold", str.casefold),
]

NO_DIGIT = 255


def digits(c):
    return unicodedata.decimal(c, NO_DIGIT), unicodedata.digit(c, NO_DIGIT)


def lookup():
    """One record for each code point, and the mappings to several characters."""
    records, numbers, special = {}, [], {name: [] for name, _ in MAPPINGS}
    for cp in range(COUNT):
        c = chr(cp)
        flags = sum(1 << i for i, (_, test) in enumerate(FLAGS) if test(c))
        # So nobody need ask whether it is cased otherwise than by these three.
        cased = c.islower() or c.isupper() or c.istitle()
        assert final_after(c) == (ignorable(c) or not cased), hex(cp)
        deltas = []
        for name, convert in MAPPINGS:
            mapped = convert(c)
            if len(mapped) == 1:
                deltas.append(ord(mapped) - cp)
            else:
                deltas.append("MANY")
                special[name].append((cp, [ord(m) for m in mapped]))
        record = (flags, *deltas, *digits(c))
        numbers.append(records.setdefault(record, len(records)))
    return list(records), numbers, special


def pack(numbers, shift):
    size = 1 << shift
    blocks, index = {}, []
    for start in range(0, len(numbers), size):
        index.append(blocks.setdefault(tuple(numbers[start : start + size]), len(blocks)))
    return index, [n for block in blocks for n in block]


def three_stages(numbers):
    """The shifts that need the fewest entries."""
    best = None
    for low in range(4, 7):
        middle, leaves = pack(numbers, low)
        for high in range(4, 8):
            top, middles = pack(middle, high)
            size = len(top) + len(middles) + len(leaves)
            if best is None or size < best[0]:
                best = size, low, high, top, middles, leaves
    return best[1:]


def table(name, doc, values):
    kind = "u8" if max(values) < 256 else "u16"
    print(f"\n/// {doc}\n#[rustfmt::skip]\npub static {name}: [{kind}; {len(values)}] = [")
    for start in range(0, len(values), 64):
        print(",".join(map(str, values[start : start + 64])) + ",")
    print("];")


def write_tables():
    records, numbers, special = lookup()
    low, high, top, middles, leaves = three_stages(numbers)
    print(f"//! The character database, Unicode {unicodedata.unidata_version}.")
    print("//!\n//! Written by `tools/unicode_tables.py`; do not edit. Read `unicode.rs`.")
    print("\nuse super::unicode::{MANY, Record};\n")
    for i, (name, _) in enumerate(FLAGS):
        print(f"pub const {name}: u16 = 1 << {i};")
    print(f"\n/// Bits of a code point that choose within a leaf.\npub const LOW: u32 = {low};")
    print(f"/// Bits above them that choose within a middle block.\npub const HIGH: u32 = {high};")
    print("\nconst fn r(flags: u16, upper: i32, lower: i32, title: i32, fold: i32, decimal: u8, digit: u8) -> Record {")
    print("    Record { flags, upper, lower, title, fold, decimal, digit }\n}")
    print(f"\n/// What code points have in common.\n#[rustfmt::skip]\npub static RECORDS: [Record; {len(records)}] = [")
    for start in range(0, len(records), 4):
        print(" ".join("r(" + ",".join(map(str, r)) + ")," for r in records[start : start + 4]))
    print("];")
    table("TOP", "The middle block for the highest bits.", top)
    table("MIDDLE", "The leaf for the bits between.", middles)
    table("LEAVES", "The record for the lowest bits.", leaves)
    for name, rows in special.items():
        print(f"\n/// Mappings to several characters ({name}), padded with 0.\n#[rustfmt::skip]")
        print(f"pub static MANY_{name.upper()}: [(u32, [u32; 3]); {len(rows)}] = [")
        for start in range(0, len(rows), 6):
            print(" ".join(f"({cp},{(to + [0, 0])[:3]})," for cp, to in rows[start : start + 6]))
        print("];")


def write_facts():
    print(f"# unidata {unicodedata.unidata_version}: hash() of each property over all code points, PYTHONHASHSEED=0")
    for name, test in FLAGS:
        print(name, hash(bytes(test(chr(cp)) for cp in range(COUNT))))
    print("decimal", hash(bytes(digits(chr(cp))[0] for cp in range(COUNT))))
    print("digit", hash(bytes(digits(chr(cp))[1] for cp in range(COUNT))))
    for name, convert in MAPPINGS:
        joined = b"".join(convert(chr(cp)).encode("utf-32-le", "surrogatepass") + b"\xff" * 4 for cp in range(COUNT))
        print(name, hash(joined))


def write_dump():
    for cp in range(COUNT):
        c = chr(cp)
        flags = sum(1 << i for i, (_, test) in enumerate(FLAGS) if test(c))
        maps = [",".join(f"{ord(m):x}" for m in convert(c)) for _, convert in MAPPINGS]
        print(f"{cp:x}", flags, *digits(c), *maps)


if sys.argv[1:] == ["--facts"]:
    write_facts()
elif sys.argv[1:] == ["--dump"]:
    write_dump()
else:
    write_tables()
