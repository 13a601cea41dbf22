// What a model wrote, as Markdown. It may be hostile: raw HTML is left out, pictures are their words,
// links say where they lead and open elsewhere; nothing is asked for, and nothing long is drawn at once.
import {
  Component,
  type ComponentPropsWithoutRef,
  memo,
  type ReactNode,
  useEffect,
  useMemo,
  useState,
} from "react";
import ReactMarkdown, { type Components, type ExtraProps } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";

import { CopyButton } from "@/components/CopyButton.tsx";
import { Scrolled } from "@/components/Scrolled.tsx";
import { blocksOf, costOf, listsOf, piecesOf } from "@/lib/blocks.ts";
import { tokensOf } from "@/lib/highlight.ts";

import styles from "./Markdown.module.css";
import { t } from "./messages.en.ts";

// What costs more (a table of 60 rows, a paragraph of 9,000 letters without a mark) is shown as it was
// written: drawing this much takes up to 70 ms. A frame draws one such block, or small ones of less than
// half of it. Long lists are drawn as several.
const MOST = 9_000;
const FRAME = 4_000;
const LONGEST_PIECE = 3_000;

export default function Markdown({ text }: { readonly text: string }) {
  const blocks = useMemo(() => blocksOf(text).flatMap(drawable), [text]);
  const shown = useGrowing(blocks);
  return (
    <div className={styles.markdown}>
      {blocks.slice(0, shown).map((block, at) => (
        // Blocks of a text that only grows have no other name than their place.
        <Block key={at} text={block.text} isPlain={block.isPlain} />
      ))}
    </div>
  );
}

interface Drawable {
  readonly text: string;
  readonly cost: number;
  readonly isPlain: boolean;
}

function drawable(block: string): readonly Drawable[] {
  const cost = costOf(block);
  if (cost <= MOST) return [{ text: block, cost, isPlain: false }];
  const lists = listsOf(block, FRAME);
  if (lists !== null) return lists.map((text) => ({ text, cost: costOf(text), isPlain: false }));
  return piecesOf(block, LONGEST_PIECE).map((text) => ({ text, cost: FRAME, isPlain: true }));
}

/** How many blocks are drawn: a frame adds a few, so that a long text blocks nothing. */
function useGrowing(blocks: readonly Drawable[]): number {
  const [shown, setShown] = useState(() => reach(blocks, 0));
  const wanted = blocks.length;
  useEffect(() => {
    if (shown >= wanted) return;
    const frame = requestAnimationFrame(() => {
      setShown(reach(blocks, shown));
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [blocks, shown, wanted]);
  return shown;
}

function reach(blocks: readonly Drawable[], from: number): number {
  let room = FRAME - (blocks[from]?.cost ?? 0);
  let to = from + 1;
  while (to < blocks.length) {
    room -= blocks[to]?.cost ?? 0;
    if (room < 0) break;
    to += 1;
  }
  return to;
}

const Block = memo(function Block({ text, isPlain }: Omit<Drawable, "cost">) {
  const plain = <pre className={styles.plain}>{text}</pre>;
  if (isPlain) return plain;
  return (
    <Otherwise fallback={plain}>
      <ReactMarkdown
        skipHtml
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize]}
        components={COMPONENTS}
      >
        {text}
      </ReactMarkdown>
    </Otherwise>
  );
});

interface OtherwiseProps {
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** What the parser cannot bear, such as ten thousand quotes in each other, is shown as written. */
class Otherwise extends Component<OtherwiseProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? this.props.fallback : this.props.children;
  }
}

const ELSEWHERE = /^(?:https?|mailto):/i;

function Anchor({ href, children }: ComponentPropsWithoutRef<"a">) {
  if (href === undefined || !ELSEWHERE.test(href)) return <span>{children}</span>;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Picture({ alt }: ComponentPropsWithoutRef<"img">) {
  return <span className={styles.picture}>{t.picture(alt ?? "")}</span>;
}

function Table({ children }: ComponentPropsWithoutRef<"table">) {
  return (
    <Scrolled className={styles.table} label={t.table}>
      <table>{children}</table>
    </Scrolled>
  );
}

function Code({ children, node }: ComponentPropsWithoutRef<"pre"> & ExtraProps) {
  const text = node === undefined ? "" : textOf(node);
  return (
    <div className={styles.code}>
      <pre>
        <Highlighted text={text} language={languageOf(node)}>
          {children}
        </Highlighted>
      </pre>
      <CopyButton text={text} what={t.code} />
    </div>
  );
}

interface HighlightedProps {
  readonly text: string;
  readonly language: string | null;
  /** What is shown where the language is not known, or there is too much of it. */
  readonly children: ReactNode;
}

function Highlighted({ text, language, children }: HighlightedProps) {
  const tokens = useMemo(() => tokensOf(text, language), [text, language]);
  if (tokens === null) return children;
  return (
    <code>
      {tokens.map(({ kind, text: part }, at) =>
        kind === null ? (
          part
        ) : (
          <span key={at} data-token={kind}>
            {part}
          </span>
        ),
      )}
    </code>
  );
}

/** As the fence names it: the sanitizer leaves this one class. */
function languageOf(node: ExtraProps["node"]): string | null {
  const [code] = node?.children ?? [];
  const names = code?.type === "element" ? code.properties.className : null;
  const name = Array.isArray(names) ? String(names[0]) : "";
  return name.startsWith("language-") ? name.slice("language-".length).toLowerCase() : null;
}

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly children?: readonly Node[];
}

function textOf(node: Node): string {
  if (node.type === "text") return String(node.value);
  return (node.children ?? []).map(textOf).join("");
}

/** The page has its own heading; those of an answer stand below it. */
const COMPONENTS: Components = {
  a: Anchor,
  img: Picture,
  table: Table,
  pre: Code,
  h1: ({ children }) => <p className={styles.first}>{children}</p>,
  h2: ({ children }) => <p className={styles.second}>{children}</p>,
  h3: ({ children }) => <p className={styles.third}>{children}</p>,
  h4: ({ children }) => <p className={styles.third}>{children}</p>,
  h5: ({ children }) => <p className={styles.third}>{children}</p>,
  h6: ({ children }) => <p className={styles.third}>{children}</p>,
  input: ({ checked }) => <span>{checked === true ? t.isDone : t.isOpen}</span>,
};
