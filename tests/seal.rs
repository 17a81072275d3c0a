//! The seal on immortals: programs and modules that write to them, compiled here from `c_tests/seal/`, and what is
//! said of them.

mod support;

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use object::read::elf::ElfFile64;
use object::{Object, ObjectSymbol, ObjectSymbolTable, RelocationFlags, RelocationTarget};

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seal");
    fs::create_dir_all(&folder).expect("target/tmp is writable");
    folder.join(name)
}

fn source(name: &str) -> PathBuf {
    support::root().join("c_tests/seal").join(name)
}

/// Compiles a source of `c_tests/seal/` for a limited API.
fn compile(from: &str, to: &str, minor: u32, options: &[&str]) -> PathBuf {
    let program = scratch(to);
    let output = Command::new("gcc")
        .args(["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-g", "-O1"])
        .arg(format!("-DPy_LIMITED_API=0x03{minor:02X}0000"))
        .arg("-I")
        .arg(support::root().join("include"))
        .arg(source(from))
        .args(options)
        .arg("-o")
        .arg(&program)
        .output()
        .expect("gcc");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

fn program(to: &str, options: &[&str]) -> PathBuf {
    linked("program.c", to, options)
}

/// Compiles a source of `c_tests/seal/` and links it to our library.
fn linked(from: &str, to: &str, options: &[&str]) -> PathBuf {
    let folder = support::library_folder().display();
    let link = [format!("-L{folder}"), format!("-Wl,-rpath,{folder}"), "-ldeathless".to_owned(), "-pthread".to_owned()];
    let options: Vec<&str> = options.iter().copied().chain(link.iter().map(String::as_str)).collect();
    compile(from, to, 6, &options)
}

fn run(program: &Path, name: &str) -> Output {
    let mut command = Command::new(program);
    command.arg(name).env_remove("DEATHLESS_SEAL").env_remove("PYTHONMALLOC");
    command.output().expect("the program runs")
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The number of the line in a source of `c_tests/seal/` that holds `text`.
fn line_of(file: &str, text: &str) -> usize {
    let content = fs::read_to_string(source(file)).expect("the source");
    content.lines().position(|line| line.contains(text)).expect("the line") + 1
}

#[test]
fn a_write_is_reported_and_ends_the_process() {
    let program = program("stops", &[]);
    let output = run(&program, "stop");
    assert_eq!((printed(&output).as_str(), output.status.signal()), ("sealed\n", Some(libc::SIGABRT)));
    let place = format!("{}:{}", source("program.c").display(), line_of("program.c", "Py_INCREF(Py_None);"));
    let module = format!("module       {}\n", program.display());
    for part in
        ["object       None\n", "reference count up by 1: ", "function     stop\n", &module, &place, "Py_INCREF of "]
    {
        assert!(errors(&output).contains(part), "{part}\n{}", errors(&output));
    }
}

#[test]
fn what_is_not_a_count_is_told_by_its_place() {
    let output = run(&program("fields", &[]), "stop_field");
    assert_eq!(output.status.signal(), Some(libc::SIGABRT));
    assert!(errors(&output).contains("object       type 'list'\n"), "{}", errors(&output));
    assert!(errors(&output).contains("write        byte 168 of it: "), "{}", errors(&output));
}

#[test]
fn what_types_hang_on_to_is_sealed_and_has_a_name() {
    let output = run(&program("names", &[]), "stop_name");
    assert_eq!(output.status.signal(), Some(libc::SIGABRT));
    for part in ["object       method_descriptor 'append' of type 'list'\n", "reference count down by 1: "] {
        assert!(errors(&output).contains(part), "{}", errors(&output));
    }
}

#[test]
fn what_static_types_of_extensions_hang_on_to_is_sealed() {
    let program = linked("statics.c", "statics", &[]);
    // What was readied before the seal, and after. Nothing that the library does with either writes there.
    let text = printed(&run(&program, "counts"));
    let mut rows: Vec<&str> = text.lines().collect();
    rows.sort_unstable();
    let expected = [
        "bases of type 'statics.Late' touch statics 2 0 0",
        "method_descriptor 'ping' of type 'statics.Early' touch statics 3 0 0",
        "method_descriptor 'ping' of type 'statics.Late' touch statics 4 0 0",
        "sealed",
    ];
    assert_eq!(rows, expected);

    let text = printed(&run(&program, "again"));
    let expected = "sealed\nsealed\nsealed\nmethod_descriptor 'ping' of type 'statics.Late' touch statics 3 0 0\n";
    assert_eq!(text, expected);

    let output = run(&program, "stop");
    assert_eq!((printed(&output).as_str(), output.status.signal()), ("sealed\nused\n", Some(libc::SIGABRT)));
    let object = "object       method_descriptor 'ping' of type 'statics.Late'\n";
    assert!(errors(&output).contains(object), "{}", errors(&output));
}

#[test]
fn types_are_readied_while_a_thread_writes_to_what_others_hang_on_to() {
    let output = run(&linked("statics.c", "statics_threads", &[]), "threads");
    let text = printed(&output);
    assert!(output.status.success() && text.starts_with("sealed\nready 200\n"), "{text}{}", errors(&output));
    assert_eq!(row(&text, "method_descriptor 'ping' of type 'statics.Many' touch statics_threads"), [5, 0, 0]);
    assert!(!text.contains("libdeathless.so"), "{text}");
}

/// A row that a program printed: object, function and file in one, then up, down, other.
fn row(text: &str, of: &str) -> [u64; 3] {
    let line = text.lines().find(|line| line.starts_with(of)).unwrap_or_else(|| panic!("no {of} in {text}"));
    let numbers: Vec<u64> = line.rsplit(' ').take(3).map(|number| number.parse().expect("a number")).collect();
    [numbers[2], numbers[1], numbers[0]]
}

#[test]
fn threads_write_at_once() {
    let output = run(&program("threads", &[]), "threads");
    let text = printed(&output);
    assert!(output.status.success(), "{text}{}", errors(&output));
    // While one thread's write passes, another's to the same page passes unseen; nothing is counted twice.
    for (object, most) in [("None touch threads", 800), ("type 'ValueError' touch threads", 800)] {
        let seen: u64 = row(&text, object).iter().sum();
        assert!((1..=most).contains(&seen), "{text}");
    }
    assert_eq!(row(&text, "True touch threads"), [3, 0, 0]);
}

#[test]
fn a_forked_child_is_sealed_too() {
    let output = run(&program("forks", &[]), "forks");
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(printed(&output), "sealed\nFalse touch forks 5 0 0\nchild 0\ndied 0\n");
}

#[test]
fn the_end_lifts_the_seal_and_a_start_may_lay_it_again() {
    let program = program("again", &[]);
    let output = run(&program, "again");
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(printed(&output), "Ellipsis touch again 100 0 0\n");
    let output = run(&program, "unseal");
    assert!(output.status.success(), "{}", errors(&output));
    // Healing is the library's own right, and nobody's write.
    assert_eq!(printed(&output), "sealed\nsealed\nhealed 1\nNone touch again 2 0 0\n");
}

#[test]
fn the_environment_seals() {
    let program = program("environment", &[]);
    let run = |seal: &str, name: &str| {
        let mut command = Command::new(&program);
        command.arg(name).env("DEATHLESS_SEAL", seal).env_remove("PYTHONMALLOC");
        command.output().expect("the program runs")
    };
    let stopped = run("1", "too_early");
    assert_eq!(stopped.status.signal(), Some(libc::SIGABRT));
    assert!(errors(&stopped).contains("function     touch\n"), "{}", errors(&stopped));
    let counted = run("count", "again");
    let line = format!("touch ({}:{})", source("sealed.h").display(), line_of("sealed.h", "*word += 1;"));
    let sentence = format!("Ellipsis was written to by {line} in {}: 100 up, 0 down, 0 other\n", program.display());
    assert!(counted.status.success() && errors(&counted).contains(&sentence), "{}", errors(&counted));
    let wrong = run("yes", "too_early");
    assert!(wrong.status.success());
    assert!(errors(&wrong).contains("DEATHLESS_SEAL is 1, count or 0, not \"yes\""), "{}", errors(&wrong));
    let off = run("0", "too_early");
    assert!(off.status.success() && errors(&off).is_empty(), "{}", errors(&off));
}

#[test]
fn where_it_cannot_be_had_there_is_a_sentence() {
    let program = program("refused", &[]);
    let output = run(&program, "too_early");
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(
        printed(&output),
        "the immortals cannot be sealed before the runtime is initialised\n\
         deathless_seal wants DEATHLESS_SEAL_STOP or DEATHLESS_SEAL_COUNT\n"
    );
    let output = run(&program, "forbidden");
    assert!(output.status.success(), "{}", errors(&output));
    if printed(&output).contains("no seccomp") {
        eprintln!("skipped: this system has no seccomp");
    } else {
        let sentence = "the immortals cannot be sealed: Operation not permitted (os error 1)\nhandler as before\n";
        assert_eq!(printed(&output), sentence);
    }
    let output = Command::new(&program).arg("unseal").env("PYTHONMALLOC", "malloc").output().expect("the program runs");
    assert!(output.status.success(), "{}", errors(&output));
    assert!(printed(&output).starts_with("the immortals cannot be sealed: they share pages"), "{}", printed(&output));
}

#[test]
fn faults_that_are_not_ours_go_where_they_went() {
    let program = program("chained", &[]);
    let output = run(&program, "chained");
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(printed(&output), "sealed\ncaught 11\nhandler given back\n");
    let output = run(&program, "crash");
    assert_eq!(output.status.signal(), Some(libc::SIGSEGV), "{}", errors(&output));
}

/// The symbols of which the program has the loader make a copy.
fn copied(program: &Path) -> Vec<String> {
    let bytes = fs::read(program).expect("the program");
    let file = ElfFile64::<object::Endianness>::parse(&*bytes).expect("a program");
    let symbols = file.dynamic_symbol_table().expect("a dynamic symbol table");
    let relocations = file.dynamic_relocations().expect("relocations");
    let copy = RelocationFlags::Elf { r_type: object::elf::R_X86_64_COPY };
    let copies = relocations.filter(|(_, relocation)| relocation.flags() == copy);
    copies
        .filter_map(|(_, relocation)| match relocation.target() {
            RelocationTarget::Symbol(index) => symbols.symbol_by_index(index).ok()?.name().ok().map(str::to_owned),
            _ => None,
        })
        .collect()
}

#[test]
fn a_program_takes_no_copies_and_one_that_does_is_told() {
    let is_ours = |name: &String| name.trim_start_matches('_').starts_with("Py");
    let with = program("without_copies", &["-fPIE", "-pie"]);
    assert_eq!(copied(&with).into_iter().find(is_ours), None);
    assert_eq!(printed(&run(&with, "copies")), "sealed\n");

    let with = program("with_copies", &["-fno-pic", "-no-pie"]);
    assert!(copied(&with).iter().any(|name| name == "_Py_NoneStruct"));
    let text = printed(&run(&with, "copies"));
    assert!(text.starts_with("sealed\n") && text.contains("None in with_copies\n"), "{text}");
    let output = Command::new(&with).arg("copies").env("DEATHLESS_SEAL", "1").output().expect("the program runs");
    let sentence = format!("of the immortals lie in {} and are not sealed", with.display());
    assert!(errors(&output).contains(&sentence), "{}", errors(&output));
}

fn deathless(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deathless"));
    let library = support::library_folder().join("libdeathless.so");
    command.args(arguments).arg("--runtime").arg(library).env_remove("DEATHLESS_SEAL").output().expect("it runs")
}

#[test]
fn the_command_names_the_module_that_counts_inline_and_no_other() {
    let module = |to: &str, minor: u32, options: &[&str]| {
        fs::create_dir_all(scratch(to)).expect("target/tmp is writable");
        let options: Vec<&str> = ["-shared", "-fPIC"].iter().chain(options).copied().collect();
        compile("writer.c", &format!("{to}/writer.so"), minor, &options).display().to_string()
    };
    let old = module("old", 6, &[]);
    let output = deathless(&["run", "--seal", &old, "writer.work(1000)", "writer.work(234)"]);
    let text = printed(&output);
    assert!(output.status.success(), "{text}{}", errors(&output));
    assert!(text.contains("expression   writer.work(1000): None\n"), "{text}");
    let words = |object: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.trim_start().starts_with(object)).unwrap_or_else(|| panic!("{text}"));
        line.trim_start()[object.len()..].split_whitespace().map(str::to_owned).collect()
    };
    let place = |text: &str| format!("{}:{}", source("writer.c").display(), line_of("writer.c", text));
    assert_eq!(words("int 7"), ["0", "1234", "0", "work", &place("Py_DECREF(seven);")]);
    assert_eq!(words("None"), ["2", "0", "0", "work", &place("Py_INCREF(Py_None);")]);
    assert!(text.contains(&format!("  {old}: 1236 writes\n")), "{text}");
    assert!(!text.contains("libdeathless.so: "), "{text}");

    let stripped = module("stripped", 6, &["-g0", "-s"]);
    let text = printed(&deathless(&["run", "--seal", &stripped, "writer.work(5)"]));
    assert!(text.contains(&format!("  {stripped}: 6 writes\n")), "{text}");

    for (to, minor) in [("new", 12), ("newest", 15)] {
        let new = module(to, minor, &[]);
        let output = deathless(&["run", "--seal", &new, "writer.work(1000)"]);
        let text = printed(&output);
        assert!(output.status.success(), "{text}{}", errors(&output));
        assert!(text.ends_with("\nwrites to immortals\n  none: whatever was loaded left every one of them alone\n"));
    }
}

#[test]
fn the_command_says_what_it_cannot_do() {
    let output = deathless(&["run", "no.so", "1 + 1"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("expressions go with --seal"), "{}", errors(&output));
}
