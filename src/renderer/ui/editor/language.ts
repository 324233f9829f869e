import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { hoverTooltip } from '@codemirror/view'
import type { OperationOutput } from '@shared/contract'

export type LanguageEntry = OperationOutput<'rules.language'>['entries'][number]

/** What the editor knows of the text it edits; read at the moment of completing, so it is never stale. */
export interface EditorKnowledge {
  columns: () => readonly string[]
  catalogs: () => readonly string[]
  entries: () => readonly LanguageEntry[]
  /** Keys of the format, offered where a YAML key goes; none in a bare expression. */
  keys: readonly string[]
}

export const YAML_KEYS = [
  'sage_yaml',
  'catalogs',
  'packages',
  'name',
  'description',
  'version',
  'author',
  'comments',
  'filename',
  'file_format',
  'type',
  'delimiter',
  'header',
  'null_values',
  'encoding',
  'sheet',
  'fields',
  'required',
  'unique',
  'validation_rules',
  'row_validation',
  'catalog_validation',
  'package_validation',
  'rule',
  'severity',
  'format',
  'decimal',
  'thousands',
  'trim',
  'default',
  'max_length',
  'transformations',
  'set',
  'value',
  'drop',
  'rename',
  'filter',
  'map',
  'values',
  'otherwise',
]

/** The name a person writes after the dot: `fullmatch` of `.str.fullmatch`. */
export const shortName = (name: string): string => /(\w+)\W*$/.exec(name)?.[1] ?? name

const entryCompletion = (entry: LanguageEntry): Completion => ({
  label: shortName(entry.name),
  detail: entry.on,
  type: 'function',
  info: `${entry.signature}\n${entry.help}`,
})

/** What may follow the text before the cursor, or null. Pure: the line in, the options out. */
export function completionsAt(
  before: string,
  knowledge: EditorKnowledge,
): { from: number; options: Completion[] } | null {
  const column = /\[\s*(['"])([^'"\]]*)$/.exec(before)
  if (column) {
    const names = [...knowledge.columns(), ...knowledge.catalogs()]
    return {
      from: before.length - (column[2] ?? '').length,
      options: [...new Set(names)].map((label) => ({ label, type: 'property' })),
    }
  }
  const method = /\.(\w*)$/.exec(before)
  if (method) {
    const seen = new Map<string, Completion>()
    for (const entry of knowledge.entries()) {
      const option = entryCompletion(entry)
      if (/^\w+$/.test(option.label) && !seen.has(option.label)) seen.set(option.label, option)
    }
    return { from: before.length - (method[1] ?? '').length, options: [...seen.values()] }
  }
  const key = /^\s*(?:- )?\s*([a-z_]*)$/.exec(before) ?? /[{,]\s*([a-z_]*)$/.exec(before)
  if (key && knowledge.keys.length > 0) {
    return {
      from: before.length - (key[1] ?? '').length,
      options: knowledge.keys.map((label) => ({ label, type: 'keyword', apply: `${label}: ` })),
    }
  }
  return null
}

/** Columns inside `df['…']`, methods after a dot, keys of the format at the start of a line. */
export const completion = (knowledge: EditorKnowledge) =>
  autocompletion({
    // The icons are glyphs that not every machine's fonts have.
    icons: false,
    override: [
      (context: CompletionContext): CompletionResult | null => {
        const line = context.state.doc.lineAt(context.pos)
        const found = completionsAt(line.text.slice(0, context.pos - line.from), knowledge)
        if (!found || found.options.length === 0) return null
        if (!context.explicit && found.from === context.pos - line.from && /^\s*$/.test(line.text))
          return null
        return { from: line.from + found.from, options: found.options, validFor: /^[\w ]*$/ }
      },
    ],
  })

/** The help of the function under the pointer. */
export const hoverHelp = (entries: () => readonly LanguageEntry[]) =>
  hoverTooltip((view, pos) => {
    const word = view.state.wordAt(pos)
    if (!word) return null
    const text = view.state.sliceDoc(word.from, word.to)
    const found = entries().filter((entry) => shortName(entry.name) === text)
    if (found.length === 0) return null
    return {
      pos: word.from,
      end: word.to,
      create: () => {
        const dom = document.createElement('div')
        dom.className = 'sage-help'
        for (const entry of found.slice(0, 3)) {
          const signature = dom.appendChild(document.createElement('div'))
          signature.className = 'cm-sage-help-signature'
          signature.textContent = entry.signature
          dom.appendChild(document.createElement('div')).textContent = entry.help
          const example = dom.appendChild(document.createElement('div'))
          example.style.opacity = '0.75'
          example.textContent = entry.example
        }
        return { dom }
      },
    }
  })
