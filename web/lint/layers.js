// ESLint rule: imports go down only. app > shell > features > components > api > lib, and a feature
// knows no other feature. tokens and messages may be used by all, and use nothing.
const RANKS = { main: 7, app: 6, shell: 5, features: 4, components: 3, api: 2, lib: 1 };
const FOUNDATIONS = ["tokens", "messages.en.ts"];

/** The layer of a path below src, its feature if it has one, or null for what is not ours. */
export function placeOf(path) {
  const [top, second] = path.split("/");
  if (FOUNDATIONS.includes(top)) return { rank: 0, feature: null };
  const rank = RANKS[top.replace(/\.tsx?$/, "")];
  if (rank === undefined) return null;
  return { rank, feature: top === "features" ? second : null };
}

export const layers = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      up: "{{from}} may not import {{to}}: imports go down only.",
      across: "A feature knows no other feature; what two share is a component or lib.",
    },
  },
  create(context) {
    const [, from] = context.filename.replaceAll("\\", "/").split("/src/");
    const here = from === undefined ? null : placeOf(from);
    if (here === null) return {};
    const check = (node) => {
      const target = node.source?.value;
      if (typeof target !== "string" || !target.startsWith("@/")) return;
      const to = target.slice(2);
      const there = placeOf(to);
      if (there === null) return;
      if (there.rank > here.rank) context.report({ node, messageId: "up", data: { from, to } });
      else if (there.rank === here.rank && there.feature !== here.feature)
        context.report({ node, messageId: "across" });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
