# Made by `npx --prefix deploy tsx deploy/prod.ts`. Do not edit: change the program and run it again.
"""Says which modules of others a program imports, and whether they are there.

    python imports.py FOLDER… --entry MODULE…          tries every one of them; exit code 1 when one is missing
    python imports.py FOLDER… --entry MODULE… --list   prints them as JSON, and tries none

The folders are those that the program finds its own modules in. Its imports are followed from the entries on, static
ones and dynamic ones, wherever they stand.
"""

import argparse
import ast
import importlib
import json
import pathlib
import sys
import warnings

# module:name → modules that are needed where it is imported, too
IMPLIED = {
    "chromadb.utils.embedding_functions:OllamaEmbeddingFunction": ["ollama"],
    "chromadb.utils.embedding_functions:OpenAIEmbeddingFunction": ["openai"],
    "fastapi:File": ["multipart"],
    "fastapi:Form": ["multipart"],
    "fastapi:UploadFile": ["multipart"],
    "fastapi.templating:Jinja2Templates": ["jinja2"],
    "passlib.context:CryptContext": ["bcrypt"],
    "pydantic:EmailStr": ["email_validator"],
    "starlette.middleware.sessions:SessionMiddleware": ["itsdangerous"],
    "starlette.templating:Jinja2Templates": ["jinja2"],
}

# what calls import a module by the name that they are given
DYNAMIC = {"import_module", "__import__"}


class Program:
    """The modules of a program, and what they import of others."""

    def __init__(self, folders):
        self.folders = folders
        self.open = []
        self.seen = set()
        self.needed = {}
        self.unclear = []
        self.absent = {}

    def file_of(self, module):
        for folder in self.folders:
            path = folder.joinpath(*module.split("."))
            for file in (path.parent / f"{path.name}.py", path / "__init__.py"):
                if file.is_file():
                    return file
        return None

    def folder_of(self, package):
        paths = (folder.joinpath(*package.split(".")) for folder in self.folders)
        return next((path for path in paths if path.is_dir()), None)

    def is_own(self, module):
        return self.file_of(module) is not None or self.folder_of(module) is not None

    def reach(self, module):
        """A module is imported together with the packages that it lies in."""
        parts = module.split(".")
        for end in range(1, len(parts) + 1):
            name = ".".join(parts[:end])
            if name not in self.seen:
                self.seen.add(name)
                self.open.append(name)

    def reach_below(self, package):
        self.reach(package)
        folder = self.folder_of(package)
        for file in sorted(folder.rglob("*.py")) if folder else ():
            inner = file.relative_to(folder).with_suffix("").parts
            self.reach(".".join([package, *(inner[:-1] if inner[-1] == "__init__" else inner)]))

    def need(self, module, name, place):
        self.needed.setdefault((module, name), []).append(place)

    def follow(self):
        while self.open:
            module = self.open.pop()
            file = self.file_of(module)
            if file is not None:
                package = module if file.name == "__init__.py" else module.rpartition(".")[0]
                Reader(self, file, package).read()


class Reader(ast.NodeVisitor):
    """The imports of one module."""

    def __init__(self, program, file, package):
        self.program = program
        self.file = file
        self.package = package
        self.functions = []

    def read(self):
        self.tree = ast.parse(self.file.read_bytes(), str(self.file))
        self.visit(self.tree)

    def place(self, node):
        return f"{self.file}:{node.lineno}"

    def visit_If(self, node):
        # What only a type checker or a start as a script would import.
        test = ast.unparse(node.test)
        if test.endswith("TYPE_CHECKING") or test.startswith("__name__ == "):
            for other in node.orelse:
                self.visit(other)
        else:
            self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Import(self, node):
        for alias in node.names:
            self.imported(alias.name, None, node)

    def visit_ImportFrom(self, node):
        module = node.module or ""
        if node.level > 0:
            above = self.package.split(".") if self.package else []
            above = above[: len(above) - node.level + 1]
            module = ".".join(above + ([module] if module else []))
        for alias in node.names:
            self.imported(module, alias.name, node)

    def imported(self, module, name, node):
        top = module.partition(".")[0]
        if not top:
            return
        if self.program.is_own(top):
            inner = f"{module}.{name}"
            self.program.reach(inner if name and self.program.is_own(inner) else module)
            if not self.program.is_own(module):
                self.program.absent.setdefault(module, self.place(node))
        elif top not in sys.stdlib_module_names:
            self.program.need(module, None if name == "*" else name, self.place(node))
            for needed in IMPLIED.get(f"{module}:{name}", ()):
                self.program.need(needed, None, f"{self.place(node)}, for {name}")

    def visit_Call(self, node):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        if called in DYNAMIC and node.args:
            self.dynamic(node)
        self.generic_visit(node)

    def dynamic(self, call):
        name = call.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and not name.value.startswith("."):
            self.imported(name.value, None, call)
            return
        package = start_of(name).rpartition(".")[0]
        if package and self.program.is_own(package):
            self.program.reach_below(package)
            return
        # A variable: whatever of the program the function around it names.
        scope = self.functions[-1] if self.functions else self.tree
        texts = [
            node.value for node in ast.walk(scope) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        named = [text for text in texts if is_dotted_name(text) and self.program.is_own(text)]
        for module in named:
            self.program.reach_below(module)
        if not named:
            self.program.unclear.append(self.place(call))


def is_dotted_name(text):
    return all(part.isidentifier() for part in text.split("."))


def start_of(text):
    """The constant start of a text that is put together."""
    if isinstance(text, ast.JoinedStr) and text.values:
        return start_of(text.values[0])
    if isinstance(text, ast.BinOp) and isinstance(text.op, (ast.Add, ast.Mod)):
        return start_of(text.left)
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""


def trouble_with(module, name):
    """Why an import fails, or nothing."""
    try:
        found = importlib.import_module(module)
        if name is not None and not hasattr(found, name):
            importlib.import_module(f"{module}.{name}")
    except BaseException as error:  # a library may even end the program
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", metavar="FOLDER", type=pathlib.Path, nargs="+")
    parser.add_argument("--entry", metavar="MODULE", action="append", default=[], help="where the program begins")
    parser.add_argument("--needs", metavar="MODULE", action="append", default=[], help="needed by the command itself")
    parser.add_argument("--list", action="store_true")
    words = parser.parse_args()

    program = Program(words.folders)
    for entry in words.entry:
        if program.file_of(entry) is None:
            sys.exit(f"there is no module {entry} in {words.folders[0]}")
        program.reach(entry)
    for module in words.needs:
        program.need(module, None, "the command")
    program.follow()

    # Nothing that could be installed would mend this.
    for module, place in program.absent.items():
        print(f"{place}: note: imports {module}, which the program itself does not have", file=sys.stderr)
    for place in program.unclear:
        print(f"{place}: imports a module whose name cannot be known beforehand", file=sys.stderr)
    if words.list:
        rows = [{"module": module, "name": name, "places": places} for (module, name), places in program.needed.items()]
        json.dump(rows, sys.stdout)
        sys.exit(1 if program.unclear else 0)

    warnings.simplefilter("ignore")
    missing = 0
    for (module, name), places in sorted(program.needed.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        trouble = trouble_with(module, name)
        if trouble is not None:
            missing += 1
            wanted = module if name is None else f"{name} of {module}"
            print(f"{places[0]}: {wanted} cannot be imported: {trouble}", file=sys.stderr)
    if missing or program.unclear:
        print("The lock lacks what the program imports. Renew it with lamb-compose dependencies.", file=sys.stderr)
        sys.exit(1)
    print(f"{len(program.seen)} modules, {len(program.needed)} imports of others: all there")


if __name__ == "__main__":
    main()
