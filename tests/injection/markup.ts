/** The form of a document: its elements and the names of their attributes, in their order. */

import { parseHTML } from 'linkedom';

interface Node {
  readonly nodeType: number;
  readonly localName?: string;
  readonly childNodes: Iterable<Node>;
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>;
}

/** As a lenient parser reads a page: what an attacker would have to get through. */
export function pageForm(page: string): string {
  const parts: string[] = [];
  const visit = (node: Node): void => {
    // Elements, comments, processing instructions and sections; texts may differ.
    if (node.nodeType === 3) return;
    const names = [...(node.attributes ?? [])].map(({ name }) => name);
    parts.push(`${node.nodeType}:${node.localName ?? ''}(${names.join(' ')})`);
    for (const child of node.childNodes) visit(child);
    parts.push('/');
  };
  const { document } = parseHTML(page);
  visit(document);
  return parts.join('\n');
}

/** What a file of SVG consists of, for a strict reader: tags with quoted attributes, text, and the five entities. */
const tag = /<\/?([A-Za-z][\w:-]*)((?:\s+[A-Za-z_][\w:-]*="(?:[^"<&]|&(?:amp|lt|gt|quot|#39);)*")*)\s*\/?>/y;
const text = /(?:[^<>&]|&(?:amp|lt|gt|quot|#39|nbsp);)+/y;

/** The tags of a file of SVG and the names of their attributes; throws where it is not well-formed. */
export function svgForm(svg: string): string {
  const parts: string[] = [];
  for (let at = 0; at < svg.length; ) {
    text.lastIndex = at;
    const words = text.exec(svg);
    at += words?.[0].length ?? 0;
    if (at >= svg.length) break;
    tag.lastIndex = at;
    const found = tag.exec(svg);
    if (found === null) throw new Error(`This is not well-formed: ${JSON.stringify(svg.slice(at, at + 80))}`);
    const [whole, name = '', attributes = ''] = found;
    const names = [...attributes.matchAll(/\s([\w:-]+)="[^"]*"/g)].map(([, one = '']) => one);
    parts.push(`${whole.startsWith('</') ? '/' : ''}${name}(${names.join(' ')})`);
    at += whole.length;
  }
  return parts.join('\n');
}

/** Characters that a document in XML cannot hold, and marks that turn the order of letters. */
export const unprintableIn = (document: string): string | undefined =>
  /(?!\n)[\p{Control}\p{Surrogate}\p{Bidi_Control}\ufffe\uffff]/u.exec(document)?.[0];
