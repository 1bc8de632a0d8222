#!/usr/bin/env bash
# The C interface: its lints and tests, then programs in C, C++ and C# that use it, those of the README among them, the
# first two under the address sanitizer. Needs gcc; installs Debian's C# compiler where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
policy=capi/examples/policy.toml
library=${CARGO_TARGET_DIR:-target}/release
link=("$library/libcoarsen_c.a" -lpthread -ldl -lm)
checked=(-O1 -g -Wall -Wextra -Wpedantic -Werror -fsanitize=address,undefined -fno-sanitize-recover=all)
export ASAN_OPTIONS=detect_leaks=1

block() { awk -v start="\`\`\`$1" '$0 == start { on = 1; next } /^```/ { on = 0 } on' README.md; }
same() { diff "$1" "$2" || { echo "$2 is not what was expected" >&2; exit 1; }; }

cargo clippy -p coarsen-capi --all-targets --no-deps -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc -p coarsen-capi --no-deps
cargo test -p coarsen-capi
cargo build --release -p coarsen-capi

echo "the sanitizer sees what it should"
for fault in 'int main(void) { return malloc(9) == 0; }' 'int main(void) { char *p = malloc(9); return p[9]; }'; do
  printf '#include <stdlib.h>\n%s\n' "$fault" >"$scratch/fault.c"
  gcc -std=c11 -O0 -w -fsanitize=address "$scratch/fault.c" -o "$scratch/fault"
  ! "$scratch/fault" 2>/dev/null || { echo "not seen: $fault" >&2; exit 1; }
done

echo "the header alone, as C and as C++"
gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c capi/include/coarsen.h
g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ capi/include/coarsen.h

echo "the example"
gcc -std=c11 "${checked[@]}" capi/examples/play.c "${link[@]}" -o "$scratch/play"
"$scratch/play" "$policy" >"$scratch/play.txt"
same capi/tests/c/play.txt "$scratch/play.txt"
"$scratch/play" "$policy" 1000

echo "hostile calls"
gcc -std=c11 "${checked[@]}" capi/tests/c/hostile.c "${link[@]}" -o "$scratch/hostile"
"$scratch/hostile" "$policy"

echo "length.duration 5550000" >"$scratch/expected"

echo "the README's C++"
block cpp >"$scratch/readme.cpp"
g++ -std=c++17 "${checked[@]}" -Icapi/include "$scratch/readme.cpp" "${link[@]}" -o "$scratch/readme"
"$scratch/readme" "$policy" >"$scratch/cpp.txt"
same "$scratch/expected" "$scratch/cpp.txt"

echo "the README's C#"
if ! command -v mcs >/dev/null || ! command -v mono >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mono-mcs mono-runtime >/dev/null
fi
block csharp >"$scratch/readme.cs"
mcs -warnaserror -out:"$scratch/readme.exe" "$scratch/readme.cs"
LD_LIBRARY_PATH=$library mono "$scratch/readme.exe" "$policy" >"$scratch/cs.txt"
same "$scratch/expected" "$scratch/cs.txt"
