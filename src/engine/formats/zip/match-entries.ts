import type { MatchResult } from '../types'

const JUNK = /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)/i

/** As a person compares names: no accents, no case. */
const loose = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim()

/** The same letters, composed or not (a Mac writes them apart), are the same name. */
const exact = (name: string): string => name.normalize('NFC')

/** `*` stands for any run of characters inside a name; everything else is itself. Linear, unlike a regular expression of many stars. */
function fits(filename: string, name: string): boolean {
  const [first = '', ...rest] = filename.split('*')
  const end = rest.pop()
  if (end === undefined) return name === first
  if (!name.startsWith(first) || name.includes('/') !== filename.includes('/')) return false
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length - at >= end.length && name.endsWith(end)
}

/** Drops the one folder that holds everything, however deep. */
function stripTop(paths: string[]): Map<string, string> {
  let inner = new Map(paths.map((path) => [path, path]))
  for (;;) {
    const tops = new Set(
      [...inner.values()].map((path) => (path.includes('/') ? path.split('/', 1)[0] : null)),
    )
    const [top] = tops
    if (tops.size !== 1 || top === null || top === undefined) return inner
    inner = new Map([...inner].map(([path, rest]) => [path, rest.slice(top.length + 1)]))
  }
}

/** The data files of a ZIP by the name a YAML gives them: without the folder that holds everything, nor what macOS and Windows add. */
export function innerNames(entries: string[]): Map<string, string> {
  return stripTop(entries.filter((entry) => !entry.endsWith('/') && !JUNK.test(entry)))
}

const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/**
 * Which entry feeds each catalog: by exact name, else by name without case or accents (noted in `inexact`), else by a name alone
 * inside some folder (noted too). A filename with `*` takes every entry it fits that no plain filename claims (or, when none
 * does, every one whose name alone it fits). Folders that only
 * wrap, and what macOS and Windows add, don't count.
 */
export function matchEntries(
  entries: string[],
  wanted: { catalog: string; filename: string }[],
): MatchResult {
  const inner = innerNames(entries)
  const result: MatchResult = { matched: new Map(), inexact: [], missing: [], ambiguous: [], extra: [] }
  const claimed = new Set<string>()
  for (const want of wanted.filter(({ filename }) => !filename.includes('*'))) {
    matchOne(want, inner, result, claimed)
  }
  const direct = new Set(claimed)
  for (const want of wanted.filter(({ filename }) => filename.includes('*'))) {
    matchPattern(want, inner, direct, result, claimed)
  }
  result.extra = [...inner.keys()].filter((entry) => !claimed.has(entry))
  return result
}

function matchOne(
  want: { catalog: string; filename: string },
  inner: Map<string, string>,
  result: MatchResult,
  claimed: Set<string>,
): void {
  const tests: ((name: string) => boolean)[] = [
    (name) => exact(name) === exact(want.filename),
    (name) => loose(name) === loose(want.filename),
    (name) => exact(last(name)) === exact(want.filename),
    (name) => loose(last(name)) === loose(want.filename),
  ]
  for (const [i, test] of tests.entries()) {
    const found = [...inner].filter(([, name]) => test(name)).map(([entry]) => entry)
    const [only] = found
    if (only === undefined) continue
    for (const entry of found) claimed.add(entry)
    if (found.length > 1) {
      result.ambiguous.push({ ...want, entries: found })
      return
    }
    result.matched.set(want.catalog, [only])
    if (i > 0) result.inexact.push({ ...want, entry: only })
    return
  }
  result.missing.push(want)
}

function matchPattern(
  want: { catalog: string; filename: string },
  inner: Map<string, string>,
  direct: Set<string>,
  result: MatchResult,
  claimed: Set<string>,
): void {
  const free = [...inner].filter(([entry]) => !direct.has(entry))
  const fitting = (nameOf: (name: string) => string): string[] =>
    free.filter(([, name]) => fits(loose(want.filename), loose(nameOf(name)))).map(([entry]) => entry)
  let found = fitting((name) => name)
  // As with a plain filename: what does not stand where it was said is looked for inside the folders.
  if (found.length === 0) found = fitting(last)
  for (const entry of found) {
    claimed.add(entry)
    if (!fits(exact(want.filename), exact(inner.get(entry) ?? entry))) result.inexact.push({ ...want, entry })
  }
  if (found.length === 0) result.missing.push(want)
  else result.matched.set(want.catalog, found.sort())
}
