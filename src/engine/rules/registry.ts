/// <reference types="vite/types/importMeta.d.ts" />
import type { Call } from './call'
import type { Value } from './plan/values'
import type { LanguageEntry } from './types'

export interface FunctionDef {
  name: string
  /** What it is called on: `texto` (.str), `fecha` (.dt), `columna`, `df`, `np`, `pd`, `python`, `grupo`... */
  on: string
  /** Parameters as Python writes them: `pat, case=True, na=None`; `*items` takes the rest, `**items` the rest by name. */
  params: string
  /** Read without parentheses. */
  property?: boolean
  help: string
  example: string
  /** It keeps to the rows of the group when it is called on one, in a lambda of `groupby`; else it is refused there. */
  inGroup?: boolean
  call: (c: Call) => Value
}

export interface Family {
  name: string
  /** What its functions are, unless they say otherwise. */
  inGroup?: boolean
  functions: FunctionDef[]
}

export interface Param {
  name: string
  fallback: string | null
  /** `*items`: the rest by position. `**items`: the rest by name. */
  rest: boolean
  named: boolean
}

export interface Registered extends FunctionDef {
  family: string
  parsed: Param[]
}

const modules = import.meta.glob<{ family: Family }>('./families/*/index.ts', { eager: true })

function parseParams(text: string): Param[] {
  if (text.trim() === '') return []
  return text.split(',').map((piece) => {
    const [name, fallback] = piece.trim().split('=')
    const named = (name ?? '').startsWith('**')
    const rest = !named && (name ?? '').startsWith('*')
    return { name: (name ?? '').replace(/^\*+/, ''), fallback: fallback ?? null, rest, named }
  })
}

function load(): Map<string, Map<string, Registered>> {
  const byReceiver = new Map<string, Map<string, Registered>>()
  for (const [path, module] of Object.entries(modules).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const def of module.family.functions) {
      const names = byReceiver.get(def.on) ?? new Map<string, Registered>()
      if (names.has(def.name)) throw new Error(`${path}: ${def.on}.${def.name} is already defined`)
      names.set(def.name, {
        ...def,
        inGroup: def.inGroup ?? module.family.inGroup ?? false,
        family: module.family.name,
        parsed: parseParams(def.params),
      })
      byReceiver.set(def.on, names)
    }
  }
  return byReceiver
}

let table: Map<string, Map<string, Registered>> | null = null

const registry = (): Map<string, Map<string, Registered>> => {
  table ??= load()
  return table
}

export function lookup(on: string, name: string): Registered | undefined {
  return registry().get(on)?.get(name)
}

export function namesOf(on: string): string[] {
  return [...(registry().get(on)?.keys() ?? [])]
}

/** Every function of the language, from the records of the families themselves. */
export function languageEntries(): LanguageEntry[] {
  const out: LanguageEntry[] = []
  for (const names of registry().values()) {
    for (const def of names.values()) {
      const signature = def.property ? def.name : `${def.name}(${def.params})`
      out.push({
        name: def.name,
        family: def.family,
        on: def.on,
        signature,
        help: def.help,
        example: def.example,
      })
    }
  }
  return out.sort((a, b) => (a.family + a.on + a.name < b.family + b.on + b.name ? -1 : 1))
}

/** Every function, for what goes over all of them: the reference, the tests. */
export const everyFunction = (): Registered[] =>
  [...registry().values()].flatMap((names) => [...names.values()])
