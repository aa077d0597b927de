import ts from "typescript";

/** Kinds of objects whose `id` is the code of what they find. */
const FINDERS: ReadonlySet<string> = new Set(["Rule", "RuleText", "Check"]);

/** The codes that the errors and findings of these files have. */
export function codesOf(program: ts.Program, files: readonly ts.SourceFile[]): ReadonlySet<string> {
  const checker = program.getTypeChecker();
  const found = new Set<string>();
  const literals = (type: ts.Type | undefined): readonly string[] => {
    if (type === undefined) return [];
    if (type.isUnion()) return type.types.flatMap(literals);
    return type.isStringLiteral() ? [type.value] : [];
  };
  for (const file of files) {
    const add = (codes: readonly string[]): void => {
      for (const code of codes) found.add(code);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
        const owner = checker.getContextualType(node.parent);
        const name = owner?.aliasSymbol?.name ?? owner?.symbol?.name ?? "";
        if (node.name.text === "code" || (node.name.text === "id" && FINDERS.has(name))) {
          add(literals(checker.getTypeAtLocation(node.initializer)));
        }
      } else if (
        ts.isPropertySignature(node) &&
        ts.isInterfaceDeclaration(node.parent) &&
        node.name.getText() === "code"
      ) {
        add(literals(checker.getTypeAtLocation(node)));
      } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const parameters = checker.getResolvedSignature(node)?.parameters ?? [];
        const at = parameters.findIndex(({ name }) => name === "code");
        const argument = node.arguments?.[at];
        if (at >= 0 && argument !== undefined) add(literals(checker.getTypeAtLocation(argument)));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}
