#!/bin/sh
# What `make demo` runs once the library is built: compiles the demo and the two builds of
# its extension module, runs it, and prints the table of immortals.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
release=$target/release
out=$target/demo
cc=${CC:-cc}
flags="-std=c11 -O2 -Wall -Wextra -Wpedantic -Werror -I$root/include"
here=$root/c_tests/demo

say() { printf '\n== %s\n' "$*"; }
show() { printf '   %s\n' "$*"; "$@"; }

if [ ! -f "$release/libdeathless.so" ]; then
    echo "The library is not built yet: run 'make demo' at the top of the tree." >&2
    exit 1
fi
command -v "$cc" >/dev/null 2>&1 || { echo "A C compiler is needed (set CC)." >&2; exit 1; }

mkdir -p "$out"
# The program looks for the library beside itself, under the name that is in it.
soname=$(readelf -d "$release/libdeathless.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
ln -sf "$release/libdeathless.so" "$out/libdeathless.so"
[ -z "$soname" ] || ln -sf "$release/libdeathless.so" "$out/$soname"

say "One extension module in C, compiled for two limited APIs"
# shellcheck disable=SC2086
{
    show "$cc" $flags -shared -fPIC -DHAMMER=hammer_calls -DPy_LIMITED_API=0x030f0000 \
        "$here/hammer.c" -o "$out/hammer_calls.abi3.so"
    show "$cc" $flags -shared -fPIC -DHAMMER=hammer_inline -DPy_LIMITED_API=0x03060000 \
        "$here/hammer.c" -o "$out/hammer_inline.abi3.so"
}
for build in hammer_calls hammer_inline; do
    printf '   %s imports: %s\n' "$build" \
        "$(nm -D --undefined-only "$out/$build.abi3.so" | awk '/Py/ {print $NF}' | tr '\n' ' ')"
done

say "A C program, linked against deathless"
# shellcheck disable=SC2086
show "$cc" $flags -DPy_LIMITED_API=0x030f0000 "$here/demo.c" -o "$out/demo" \
    -L"$out" -ldeathless -Wl,-rpath,'$ORIGIN'

say "Hammering immortals"
"$out/demo" "$out"

say "Who is immortal"
"$release/deathless" immortals
