"""Says which variables a Python program reads from its environment.

    python variables.py FOLDER…    prints them as JSON: name, default when it is a constant, places

A name that is put together is printed with * for what is not known. Tests are left out.
"""

import argparse
import ast
import json
import pathlib
import sys

# calls that read a variable by the name that comes first
READERS = {"getenv", "environ.get", "environ.pop", "environ.setdefault"}
NOT_THE_PROGRAM = {"tests", "test", ".venv", "venv", "node_modules", "scripts"}


def text_of(node):
    """The last parts of a name: of os.environ.get what stands behind os."""
    if isinstance(node, ast.Attribute):
        before = text_of(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_reader(text):
    return any(text == reader or text.endswith(f".{reader}") for reader in READERS)


def is_environment(node):
    return text_of(node).rpartition(".")[2] == "environ"


def name_of(node):
    """The name that an expression gives, * for what is not known of it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = name_of(node.left), name_of(node.right)
        return f"{left or '*'}{right or '*'}" if left or right else None
    return None


def is_name(node, name):
    return isinstance(node, ast.Name) and node.id == name


LOOPS = (ast.For, ast.comprehension)


class Reader(ast.NodeVisitor):
    """The variables that one module reads."""

    def __init__(self, file, helpers):
        self.file = file
        self.helpers = helpers
        self.functions = []
        self.found = []
        self.unclear = []

    def visit_FunctionDef(self, node):
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Call(self, node):
        called = text_of(node.func)
        helper = self.helpers.get(called.rpartition(".")[2])
        if is_reader(called) and node.args:
            self.read(node, node.args[0], node.args[1] if len(node.args) > 1 else None)
        elif helper is not None and len(node.args) > helper:
            self.read(node, node.args[helper], None)
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if is_environment(node.value) and isinstance(node.ctx, ast.Load):
            self.read(node, node.slice, None)
        self.generic_visit(node)

    def visit_Compare(self, node):
        for operator, other in zip(node.ops, node.comparators, strict=False):
            if isinstance(operator, (ast.In, ast.NotIn)) and is_environment(other):
                self.read(node, node.left, None)
        self.generic_visit(node)

    def read(self, node, named, default):
        name = name_of(named)
        place = f"{self.file}:{node.lineno}"
        if name is not None:
            self.found.append((name, default.value if isinstance(default, ast.Constant) else None, place))
        elif isinstance(named, ast.Name) and self.is_parameter(named.id):
            pass  # whoever calls the function says which
        elif isinstance(named, ast.Name) and self.meanings(named.id):
            self.found.extend((each, None, place) for each in self.meanings(named.id))
        else:
            self.unclear.append(place)

    def is_parameter(self, name):
        return any(name in parameters_of(function) for function in self.functions)

    def meanings(self, name):
        """What a variable of the program may hold: what it is given, or what the loop that it belongs to goes through."""
        scopes = [*reversed(self.functions), self.tree]
        for scope in scopes:
            given = [
                each.value
                for each in ast.walk(scope)
                if isinstance(each, ast.Assign) and is_name(each.targets[0], name)
            ]
            loops = [each.iter for each in ast.walk(scope) if isinstance(each, LOOPS) and is_name(each.target, name)]
            lists = [each for loop in loops for each in self.elements(loop)]
            found = [text for text in map(name_of, given + lists) if text]
            if found:
                return found
        return []

    def elements(self, node):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return node.elts
        named = node.id if isinstance(node, ast.Name) else None
        given = (
            each for each in ast.walk(self.tree) if isinstance(each, ast.Assign) and is_name(each.targets[0], named)
        )
        return [
            element
            for each in given
            if isinstance(each.value, (ast.Tuple, ast.List, ast.Set))
            for element in each.value.elts
        ]


def parameters_of(function):
    return [argument.arg for argument in function.args.posonlyargs + function.args.args]


def helpers_in(tree):
    """Functions that read the variable which they are given the name of, and where it stands among what they are given."""
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        parameters = [name for name in parameters_of(function) if name != "self"]
        for node in ast.walk(function):
            named = None
            if isinstance(node, ast.Call) and is_reader(text_of(node.func)) and node.args:
                named = node.args[0]
            elif isinstance(node, ast.Subscript) and is_environment(node.value):
                named = node.slice
            if isinstance(named, ast.Name) and named.id in parameters:
                yield function.name, parameters.index(named.id)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", metavar="FOLDER", type=pathlib.Path, nargs="+")
    folders = parser.parse_args().folders

    trees = {}
    for folder in folders:
        if not folder.is_dir():
            sys.exit(f"there is no folder {folder}")
        for file in sorted(folder.rglob("*.py")):
            inner = file.relative_to(folder)
            if NOT_THE_PROGRAM.isdisjoint(inner.parts) and not inner.name.startswith("test_"):
                try:
                    trees[file] = ast.parse(file.read_bytes(), str(file))
                except SyntaxError as error:
                    sys.exit(f"{file}:{error.lineno}: is no Python that can be read: {error.msg}")
    helpers = {name: place for tree in trees.values() for name, place in helpers_in(tree)}

    names = {}
    for file, tree in trees.items():
        reader = Reader(file, helpers)
        reader.tree = tree
        reader.visit(tree)
        for name, default, place in reader.found:
            entry = names.setdefault(name, {"name": name, "default": None, "places": []})
            entry["places"].append(place)
            if entry["default"] is None and default is not None:
                entry["default"] = str(default)
        for place in reader.unclear:
            print(f"{place}: reads a variable whose name cannot be known beforehand", file=sys.stderr)
    json.dump(sorted(names.values(), key=lambda entry: entry["name"]), sys.stdout)


if __name__ == "__main__":
    main()
