"""Record what CPython makes of the expressions in a .expr file.

    python3.15 record.py FILE.expr > FILE.3.15

One line of output for each expression: the repr of its value, `ok` for an
assignment or `del`, or `TypeName: message` for an exception. README.md has the
format and the language; a line outside the language stops the recording.
"""

import ast
import builtins
import os
import re
import sys
import warnings

FUNCTIONS = """
    __import__ abs all any ascii bin callable chr delattr dir divmod format getattr hasattr
    hash hex id isinstance issubclass iter len max min next oct ord pow repr
    round setattr sorted sum vars
    bool bytearray bytes classmethod complex dict enumerate filter float frozenset int list map
    memoryview object property range reversed set slice staticmethod str super tuple type zip
    NotImplemented Ellipsis
""".split()
EXCEPTIONS = [
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
]
NODES = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Call,
    ast.keyword, ast.Starred, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare,
    ast.IfExp, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.operator,
    ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)
TARGETS = (ast.Name, ast.Attribute, ast.Subscript)
ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")


class Refused(Exception):
    """The line is not in the language of the corpus."""


def check_statement(statement, bound):
    """Refuse a statement that the evaluator does not know; note what it binds."""
    if isinstance(statement, ast.Expr):
        parts = [statement.value]
    elif isinstance(statement, ast.Assign):
        (target,) = statement.targets
        if not isinstance(target, TARGETS):
            raise Refused(f"assignment to {type(target).__name__}")
        parts = [statement.value, target]
    elif isinstance(statement, ast.AugAssign):
        target = statement.target
        if not isinstance(target, ast.Name):
            raise Refused(f"in-place assignment to {type(target).__name__}")
        parts = [ast.Name(target.id, ast.Load()), statement.value]
    elif isinstance(statement, ast.Import):
        bound.update(alias.name for alias in statement.names)
        parts = []
    elif isinstance(statement, ast.Delete):
        (target,) = statement.targets
        if not isinstance(target, (ast.Subscript, ast.Attribute)):
            raise Refused(f"del of {type(target).__name__}")
        parts = [target]
    else:
        raise Refused(type(statement).__name__)
    for part in parts:
        check_expression(part, bound)


def check_expression(expression, bound):
    for node in ast.walk(expression):
        if not isinstance(node, NODES):
            raise Refused(type(node).__name__)
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                bound.add(node.id)
            elif node.id not in bound:
                raise Refused(f"the name {node.id}")


def describe(error):
    """What the last lines of a traceback say, without suggestions."""
    kind = type(error)
    name = kind.__qualname__
    module = getattr(kind, "__module__", None)
    if not isinstance(module, str):
        name = f"<unknown>.{name}"
    elif module not in ("builtins", "__main__"):
        name = f"{module}.{name}"
    try:
        text = str(error)
    except Exception:
        text = "<exception str() failed>"
    lines = [f"{name}: {text}" if text else name]
    lines += getattr(error, "__notes__", [])
    return "\n".join(lines)


def evaluate(statements, namespace):
    """What the last of a line's statements answers."""
    answer = "ok"
    try:
        for statement in statements:
            if isinstance(statement, ast.Expr):
                code = compile(ast.Expression(statement.value), "<expr>", "eval")
                answer = repr(eval(code, namespace))
            else:
                exec(compile(ast.Module([statement], []), "<expr>", "exec"), namespace)
                answer = "ok"
        return answer
    except BaseException as error:
        return describe(error)


def main(path):
    # A namespace without __name__: no frame tells `type(name, bases, dict)` which
    # module it is in, as when a C program calls it.
    namespace = {"__builtins__": builtins}
    bound = {*FUNCTIONS, *EXCEPTIONS}
    with open(path, encoding="utf-8", newline="\n") as file:
        text = file.read()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            statements = ast.parse(line).body
            for statement in statements:
                check_statement(statement, bound)
            result = evaluate(statements, namespace)
            if ADDRESS.search(result):
                raise Refused(f"an address in {result}")
            if "\r" in result:
                raise Refused("a carriage return in the result")
        except (Refused, SyntaxError, ValueError) as error:
            sys.exit(f"{path}:{number}: {line}\n  refused: {error}")
        print(result.replace("\n", "\\n"))


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    warnings.simplefilter("ignore")
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    main(*sys.argv[1:])
