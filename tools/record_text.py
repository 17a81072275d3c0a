#!/usr/bin/env python3
"""Record what this Python's str, bytes and codecs say, for the tests of types::text.

    python3.15 tools/record_text.py methods 16 > src/types/text/recorded/methods.txt
    python3.15 tools/record_text.py codecs 10 > src/types/text/recorded/codecs.txt
    for s in 0 1 42; do PYTHONHASHSEED=$s python3.15 tools/record_text.py hash; done > …/hash.txt

A line is a list of fields: u61.3a3 a str, b6162 a bytes, i5 an int, n None; a
list is its elements joined by commas. A larger COUNT tries more texts than are kept.
"""

import codecs
import os
import random
import sys

random.seed(3)


def show(value):
    match value:
        case None:
            return "n"
        case bool() | int():
            return f"i{int(value)}"
        case str():
            return "u" + ".".join(f"{ord(c):x}" for c in value)
        case bytes():
            return "b" + value.hex()
        case _:
            return "[" + ",".join(map(show, value))


def line(*fields):
    print(fields[0], *map(show, fields[1:]))


TEXTS = [
    "", "a", "Hello World", "hELLO wORLD", "it's", 'say "hi"', "both ' and \"", "tab\tnew\nret\r\\",
    "a\r\nb\rc\n\x0bd\x0ce\x1cf\x1dg\x1eh\x85i\u2028j\u2029k", "  spaces  in between  ", "\x1c\x1f x \x1e\xa0",
    "\u3000wide space\u3000", "stra\xdfe", "\u01c5ungla", "\u01c4 \u01c6", "\ufb01nd", "\u0130I\u0131i",
    "\u039f\u0394\u039f\u03a3", "\u03a3", "A\u03a3", "A\u03a3 B", "A.\u03a3\u0301\xad B", "\u03a3A\u03a3",
    "\u0149abc", "\u1f80\u1f88", "\u13a0\uab70", "\U00010400\U00010428", "\ud800", "\ud800\udc00", "\xad\u200b\u0378",
    "\x7f\x80\x9f\xa0\xff", "\u0660\u0663", "\xb2\xbd\u2460", "_a1", "1a", "\u2118x", "a\u0301", "\u02b0A\u02b0a",
    "A\u0345\u03a3", "\tb\t\tc\n\td", "+12", "-", "\u20ac5", "\U0001f600 ok", "ABC123", "abc def", "Abc Def 1x", "1ABC",
    "x" * 70 + "\u0400" + "'" * 3,
]

UNARY = "lower upper title capitalize swapcase casefold strip lstrip rstrip".split()
BYTES_UNARY = "lower upper title capitalize swapcase strip lstrip rstrip".split()
QUESTIONS = """isalpha isalnum isdecimal isdigit isnumeric isspace islower isupper istitle isprintable
isidentifier isascii""".split()
BYTES_QUESTIONS = "isalpha isalnum isdigit isspace islower isupper istitle isascii".split()


def record_methods(count):
    for text in TEXTS:
        for name in UNARY:
            line(name, text, getattr(text, name)())
        line("is", text, [getattr(text, name)() for name in QUESTIONS])
        line("repr", text, repr(text))
        line("ascii", text, ascii(text))
        record_common(text)
    for text in TEXTS:
        data = text.encode("utf-8", "surrogatepass")
        for name in BYTES_UNARY:
            line(name, data, getattr(data, name)())
        line("is", data, [getattr(data, name)() for name in BYTES_QUESTIONS])
        line("repr", data, repr(data))
        line("hex", data, data.hex())
        for group in (1, 2, 3, -2, 0):
            line(f"hex:{group}", data, data.hex(":", group))
        record_common(data)
    for text in (b"zz\xff", b"ab\xff1", b"1", b" a1", "", "a", "abc", "ab", "ab cd", "a b", "ab\x0bcd ", "zz\u1234", "zz", "ab0g", "\xe9a", "a\ud800", "ab\u1234"):
        try:
            line("fromhex", text, bytes.fromhex(text))
        except ValueError as error:
            digits = str(error).rpartition("position ")
            line("fromhex", text, int(digits[2]) if digits[1] else None)
    for _ in range(count):
        alphabet = random.choice(("ab", "ab", "a\u0401", "\u0400\u0401", "\u0104\u0401", "\U00010400a\u0401"))
        text = "".join(random.choices(alphabet, k=random.randrange(14)))
        sep = "".join(random.choices(alphabet, k=random.randrange(1, 4)))
        for one, other in ((text, sep), (text.encode(), sep.encode())):
            record_search(one, other)


def record_common(text):
    for most in (-1, 0, 1, 2):
        line(f"split:{most}", text, text.split(None, most))
        line(f"rsplit:{most}", text, text.rsplit(None, most))
    line("splitlines:0", text, text.splitlines())
    line("splitlines:1", text, text.splitlines(True))
    line("expandtabs:8", text, text.expandtabs())
    line("expandtabs:3", text, text.expandtabs(3))
    for width in (len(text) + 3, len(text) + 4) if len(text) < 4 else ():
        for name in ("center", "ljust", "rjust", "zfill"):
            line(f"{name}:{width}", text, getattr(text, name)(width))


def record_search(text, sep):
    line("find", text, sep, text.find(sep))
    line("rfind", text, sep, text.rfind(sep))
    line("count", text, sep, text.count(sep))
    line("startswith", text, sep, text.startswith(sep))
    line("endswith", text, sep, text.endswith(sep))
    line("less", text, sep, text < sep)
    line("partition", text, sep, text.partition(sep))
    line("rpartition", text, sep, text.rpartition(sep))
    line("stripset", text, sep, text.strip(sep))
    new = "-\u20ac" if isinstance(text, str) else b"--"
    for most in (-1, 0, 1, 2):
        line(f"replace:{most}", text, sep, new, text.replace(sep, new, most))
        line(f"replace:{most}", text, sep[:0], new, text.replace(sep[:0], new, most))
        line(f"splitat:{most}", text, sep, text.split(sep, most))
        line(f"rsplitat:{most}", text, sep, text.rsplit(sep, most))


HANDLERS = "strict ignore replace backslashreplace surrogateescape surrogatepass xmlcharrefreplace".split()

DECODERS = {
    "utf-8": codecs.utf_8_decode,
    "utf-16": codecs.utf_16_decode,
    "utf-16-le": codecs.utf_16_le_decode,
    "utf-16-be": codecs.utf_16_be_decode,
    "utf-32": codecs.utf_32_decode,
    "utf-32-le": codecs.utf_32_le_decode,
    "utf-32-be": codecs.utf_32_be_decode,
    "ascii": codecs.ascii_decode,
    "latin-1": codecs.latin_1_decode,
    "unicode_escape": codecs.unicode_escape_decode,
    "raw_unicode_escape": codecs.raw_unicode_escape_decode,
}

EDGES = bytes.fromhex("0041618090 9fa0bfc0c2dfe0 e1edeff0f4f5ff 8f")
ESCAPES = rb"\\\\\\xuU0141N{}7n" + b"\ng\xe9" + b"0" * 6


def inputs(name, count):
    if name == "utf-8":
        yield from (b"a\xed\xa0", b"a\xed", b"\xed\xa0a", b"\xe0\x80", b"\xf4\x90", b"\xf0\x90\x80", b"a" * 40 + b"\xc3")
    for _ in range(count):
        size = random.randrange(9)
        if "escape" in name:
            yield b"\\" + bytes(random.choices(ESCAPES, k=size + 3))
        elif "16" in name:
            yield bytes(random.choices(b"\x00\x41\xd8\xdb\xdc\xdf\xff\xfe", k=size))
        elif "32" in name:
            units = random.choices((0x41, 0xD800, 0x10FFFF, 0x110000, 0xFEFF, 0x20AC), k=size // 3)
            order = "big" if "be" in name else "little"
            yield b"".join(u.to_bytes(4, order) for u in units) + bytes(size % 4)
        else:
            yield bytes(random.choices(EDGES, k=size))


def decoded(name, data, handler, last):
    if name in ("ascii", "latin-1"):
        return DECODERS[name](data, handler)
    return DECODERS[name](data, handler, last)


CHARACTERS = "a\x00\x7f\x80\xff\u0100\u07ff\u0800\ud800\udc80\udcff\udfff\uffff\U00010000\U0010ffff\\\n\u2028"


def record_codecs(count):
    for name in DECODERS:
        for data in inputs(name, count):
            for last in (True, False):
                for handler in HANDLERS:
                    if handler != "strict" and not last or b"\\N{" in data:
                        continue
                    try:
                        text, used = decoded(name, data, handler, last)
                        line(f"decode:{name}:{handler}:{int(last)}", data, text, used)
                    except UnicodeDecodeError as e:
                        line(f"decode:{name}:{handler}:{int(last)}", data, e.encoding, e.start, e.end, e.reason)
                    except TypeError:
                        pass
    for _ in range(count):
        text = "".join(random.choices(CHARACTERS, k=random.randrange(6)))
        for name in DECODERS:
            for handler in HANDLERS:
                try:
                    line(f"encode:{name}:{handler}", text, text.encode(name, handler))
                except UnicodeEncodeError as e:
                    line(f"encode:{name}:{handler}", text, e.encoding, e.start, e.end, e.reason)
    for data in inputs("escape", 3 * count):
        for handler in ("strict", "ignore", "replace"):
            try:
                line(f"unescape:{handler}", data, codecs.escape_decode(data, handler)[0])
            except ValueError as e:
                position = str(e).rpartition("position ")
                line(f"unescape:{handler}", data, int(position[2]) if position[1] else None)


def record_hash():
    seed = int(os.environ["PYTHONHASHSEED"])
    for base in (97, 200, 0x400, 0x10400):
        for n in range(41):
            print(seed, n, base, hash("".join(chr(base + i % 26) for i in range(n))))


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 25
    match sys.argv[1]:
        case "methods":
            record_methods(count)
        case "codecs":
            record_codecs(count)
        case "hash":
            record_hash()
