// Comments, texts, numbers and keywords of code, told apart by shape: good enough to read by. Pure.

export type Kind = "comment" | "string" | "number" | "keyword";

export interface Token {
  /** null for everything else. */
  readonly kind: Kind | null;
  readonly text: string;
}

/** So much is coloured; of more the elements would take too long to draw. */
const LONGEST = 4_000;

const SLASHES = String.raw`\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)`;
const HASH = String.raw`#[^\n]*`;
const DASHES = String.raw`--[^\n]*`;
const TRIPLE = String.raw`"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)`;
const QUOTED = String.raw`"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?`;
const TICKED = "`(?:\\\\[^]|[^`\\\\])*`?";
const NUMBER = String.raw`\b(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\b`;
const WORD = String.raw`[A-Za-z_]\w*`;

const PYTHON =
  "False None True and as assert async await break case class continue def del elif else except " +
  "finally for from global if import in is lambda match nonlocal not or pass raise return try " +
  "while with yield";
const SCRIPT =
  "async await break case catch class const continue default delete do else enum export extends " +
  "false finally for from function if implements import in instanceof interface let new null of " +
  "return static super switch this throw true try type typeof undefined var void while yield";
const SYSTEMS =
  "as auto bool break case catch char class const continue crate default defer delete do double " +
  "dyn else enum extern false final float fn for func go goto if impl import in int interface let " +
  "long loop match mod move mut namespace new nil null override package private protected pub " +
  "public range ref return self short signed sizeof static struct super switch template this throw " +
  "throws trait true try type typedef union unsafe unsigned use using var virtual void volatile " +
  "where while";
const SHELL =
  "case do done elif else esac export fi for function if in local return set then until while";
const SQL =
  "all alter and as asc between by case create delete desc distinct drop else end exists from " +
  "group having in index inner insert into is join left like limit not null offset on or order " +
  "outer primary right select set table then union unique update values when where with";
const LITERALS = "false null true";

interface Language {
  readonly pattern: RegExp;
  readonly keywords: ReadonlySet<string>;
  readonly isAnyCase: boolean;
}

function language(comment: string, texts: string, words: string, isAnyCase = false): Language {
  const parts = [`(?<comment>${comment})`, `(?<string>${texts})`, `(?<number>${NUMBER})`];
  return {
    pattern: new RegExp([...parts, `(?<word>${WORD})`].join("|"), "g"),
    keywords: new Set(words.split(" ")),
    isAnyCase,
  };
}

const KNOWN: readonly (readonly [string, Language])[] = [
  ["python py python3", language(HASH, `${TRIPLE}|${QUOTED}`, PYTHON)],
  ["javascript js jsx typescript ts tsx mjs", language(SLASHES, `${QUOTED}|${TICKED}`, SCRIPT)],
  ["c cpp c++ csharp cs go golang rust rs java kotlin swift", language(SLASHES, QUOTED, SYSTEMS)],
  ["bash sh shell zsh console", language(HASH, QUOTED, SHELL)],
  ["yaml yml toml", language(HASH, QUOTED, LITERALS)],
  ["json jsonc", language(SLASHES, QUOTED, LITERALS)],
  ["sql", language(DASHES, QUOTED, SQL, true)],
];
const BY_NAME = new Map(
  KNOWN.flatMap(([names, known]) => names.split(" ").map((name) => [name, known] as const)),
);

/** The code in pieces that joined are the code; null where its language is not known. */
export function tokensOf(code: string, name: string | null): readonly Token[] | null {
  const known = BY_NAME.get(name ?? "");
  if (known === undefined || code.length > LONGEST) return null;
  const tokens: Token[] = [];
  let from = 0;
  for (const match of code.matchAll(known.pattern)) {
    const kind = kindOf(match.groups ?? {}, known);
    if (kind === null) continue;
    if (match.index > from) tokens.push({ kind: null, text: code.slice(from, match.index) });
    tokens.push({ kind, text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < code.length) tokens.push({ kind: null, text: code.slice(from) });
  return tokens;
}

function kindOf(
  { comment, string, number, word }: Readonly<Record<string, string | undefined>>,
  { keywords, isAnyCase }: Language,
): Kind | null {
  if (comment !== undefined) return "comment";
  if (string !== undefined) return "string";
  if (number !== undefined) return "number";
  return keywords.has(isAnyCase ? (word ?? "").toLowerCase() : (word ?? "")) ? "keyword" : null;
}
