import { SEVERITIES, type Severity } from '@shared/model/findings'
import type { RuleSpec } from '@shared/model/schema'
import type { Scalar } from 'yaml'
import { clip, suggest } from './nearest'
import { type MapView, viewOf } from './read'
import { isNothing } from './tree'

export const RULE_KEYS = ['name', 'description', 'rule', 'severity'] as const
const RULE_HINT = 'Una regla lleva name, description, rule y severity (error, warning o message).'
const SPANISH_SEVERITIES: Readonly<Record<string, Severity>> = {
  aviso: 'warning',
  advertencia: 'warning',
  mensaje: 'message',
  warn: 'warning',
  info: 'message',
}

/** A rule with the YAML node of its expression, to place what the compiler says of it. */
export interface ReadRule {
  spec: RuleSpec
  node: Scalar
}

function readSeverity(view: MapView): Severity {
  const place = view.get('severity')
  if (place === undefined || isNothing(place)) return 'error'
  const text = view.scalar(place, RULE_HINT)
  if (text === null) return 'error'
  const folded = text.trim().toLowerCase()
  const found = SEVERITIES.find((severity) => severity === folded)
  if (found !== undefined) return found
  const meant = SPANISH_SEVERITIES[folded]
  view.error('severity', {
    code: 'SEVERITY',
    message: `La severidad \`${clip(text)}\` no existe.`,
    hint: meant === undefined ? suggest(text, SEVERITIES) : `¿quisiste decir \`${meant}\`?`,
  })
  return meant ?? 'error'
}

/** Reads a list of rules (`validation_rules`, `row_validation`, ...). Absent and null are none. */
export function readRules(owner: MapView, key: string): ReadRule[] {
  const rules: ReadRule[] = []
  const lines = new Map<string, number>()
  for (const place of owner.list(key, `Escribir una lista de reglas. ${RULE_HINT}`)) {
    const view = viewOf(owner.ctx, place, place.range, RULE_HINT)
    if (view === null) continue
    view.warnUnknown(RULE_KEYS)
    const name = view.required('name', RULE_HINT)
    const description = view.described(
      'description',
      'Decir qué está mal y cómo se corrige: es lo que lee quien envía el archivo.',
    )
    const expression = view.required('rule', 'Por ejemplo: rule: "df[\'cantidad\'] > 0".')
    const severity = readSeverity(view)
    if (name !== null) warnRepeated(view, name, lines)
    const node = view.node('rule')
    if (expression === null || node === null) continue
    const spec = {
      name: name ?? '',
      description: description === '' ? (name ?? '') : description,
      rule: expression,
      severity,
      path: place.path,
    }
    rules.push({ spec, node })
  }
  return rules
}

function warnRepeated(view: MapView, name: string, lines: Map<string, number>): void {
  const first = lines.get(name)
  if (first === undefined) {
    lines.set(name, view.ctx.reporter.lineOf(view.get('name')?.range ?? view.anchor))
    return
  }
  view.warning('name', {
    code: 'DUPLICATE_RULE',
    message: `La regla \`${clip(name)}\` ya existe en esta lista (línea ${first}).`,
    hint: 'Con otro nombre, el informe distingue una de otra.',
  })
}
