import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import type { Nodes, Root, Table } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** A page of Markdown as GitHub renders it. */
export interface Page {
  /** from the root of the repository */
  readonly path: string;
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
  /** tables whose rows do not have as many cells as their heads, and rows that are in no table */
  readonly brokenTables: readonly string[];
}

interface Link {
  readonly url: string;
  readonly line: number;
}

/** Every page of the repository that people read. */
export async function readPages(): Promise<readonly Page[]> {
  const files: string[] = [];
  for (const folder of ['.', 'docs', 'docs/adr', 'bench', 'results']) {
    const recursive = folder === 'results';
    for (const name of await readdir(join(REPOSITORY, folder), { recursive }))
      if (name.endsWith('.md')) files.push(join(folder, name));
  }
  return Promise.all(files.toSorted().map(readPage));
}

async function readPage(path: string): Promise<Page> {
  return pageOf(path, await readFile(join(REPOSITORY, path), 'utf8'));
}

/** @param path from the root of the repository */
export function pageOf(path: string, text: string): Page {
  // front matter is no part of what is rendered, and keeps its lines
  const body = text.replace(/^---\n[\s\S]*?\n---\n/, (front) => front.replaceAll(/[^\n]/g, ''));
  const tree = unified().use(remarkParse).use(remarkGfm).parse(body);
  return { path, anchors: anchorsOf(tree), links: linksOf(tree), brokenTables: brokenTablesOf(tree, path) };
}

function anchorsOf(tree: Root): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  visit(tree, (node) => {
    if (node.type === 'heading') anchors.add(slugger.slug(textOf(node)));
    if (node.type === 'html')
      for (const [, id] of node.value.matchAll(/(?:id|name)="([^"]+)"/g)) anchors.add(id ?? '');
  });
  return anchors;
}

function linksOf(tree: Root): readonly Link[] {
  const links: Link[] = [];
  visit(tree, (node) => {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      links.push({ url: node.url, line: node.position?.start.line ?? 0 });
  });
  return links;
}

function brokenTablesOf(tree: Root, path: string): readonly string[] {
  const broken: string[] = [];
  visit(tree, (node) => {
    const at = `${path}:${node.position?.start.line ?? 0}`;
    if (node.type === 'table' && !isEven(node))
      broken.push(`${at}: a row has more or fewer cells than the head`);
    if (node.type === 'paragraph' && textOf(node).startsWith('|'))
      broken.push(`${at}: a row that is in no table`);
  });
  return broken;
}

function isEven({ children }: Table): boolean {
  const [head] = children;
  return children.every((row) => row.children.length === head?.children.length);
}

function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}

/** What does not lead anywhere, of links within the repository. */
export function brokenLinks(pages: readonly Page[], files: ReadonlySet<string>): readonly string[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links.flatMap(({ url, line }) => {
      if (/^[a-z][a-z+.-]*:/i.test(url)) return [];
      const [path = '', anchor] = decodeURI(url).split('#');
      const target =
        path === '' ? page.path : relative(REPOSITORY, resolve(REPOSITORY, dirname(page.path), path));
      const at = `${page.path}:${line}: ${url}`;
      if (!files.has(target)) return [`${at}: there is no ${target}`];
      if (anchor === undefined) return [];
      return byPath.get(target)?.anchors.has(anchor) === true ? [] : [`${at}: ${target} has no such heading`];
    }),
  );
}
