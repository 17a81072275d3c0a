//! Builds the variadic functions, which are C, and names the shared library.

use std::path::Path;

/// `libdeathless.so.0`: the number changes when a linked program would no longer run.
const SONAME: &str = concat!("libdeathless.so.", env!("CARGO_PKG_VERSION_MAJOR"));
const VARIADIC: &str = "src/capi/variadic.c";
/// Puts the immortals on pages of their own.
const LAYOUT: &str = "src/object/immortal.ld";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={VARIADIC}");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,{SONAME}");
    // Our own calls skip the PLT. Never -Bsymbolic: data must keep its identity when
    // a linked program has copied it into its own memory.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-Bsymbolic-functions");
    // Full RELRO, which the compiler is told nothing of (see .cargo/config.toml).
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,relro,-z,now");
    let layout = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join(LAYOUT);
    println!("cargo:rerun-if-changed={LAYOUT}");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-T,{}", layout.display());
    // Where they begin and end is the library's own business.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,start-stop-visibility=hidden");
    if Path::new(VARIADIC).exists() {
        build_variadic();
    }
}

/// `+whole-archive` keeps what no Rust code names, `+export-symbols` puts it into
/// `.dynsym`, and `-bundle` leaves it to the last link, where both take effect.
fn build_variadic() {
    cc::Build::new()
        .file(VARIADIC)
        .std("c11")
        .extra_warnings(true)
        .warnings_into_errors(true)
        .cargo_metadata(false)
        .compile("variadic");
    println!("cargo:rustc-link-search=native={}", std::env::var("OUT_DIR").expect("set by cargo"));
    println!("cargo:rustc-link-lib=static:+whole-archive,+export-symbols,-bundle=variadic");
}
