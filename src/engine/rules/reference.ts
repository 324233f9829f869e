import { languageEntries } from './registry'
import type { LanguageEntry } from './types'

const ON: Record<string, string> = {
  columna: 'de una columna',
  texto: 'tras `.str` (o de un texto, en una lambda)',
  fecha: 'tras `.dt` (o de una fecha, en una lambda)',
  duración: 'tras `.dt` de una resta de fechas',
  df: 'de una tabla',
  fila: 'de un registro, en una lambda con `axis=1`',
  paquete: 'de `df`, en reglas de paquete',
  grupo: 'tras `groupby(...)`',
  ventana: 'tras `rolling(...)` o `expanding()`',
  serie: 'de un resumen por columnas',
  valor: 'de un valor',
  conjunto: 'de una lista o un conjunto',
  np: 'de `np`',
  pd: 'de `pd`',
  python: 'de Python',
  numero: 'de un número, en una lambda',
  diccionario: 'de un diccionario',
  offsets: 'de `pd.offsets`',
}

/** Names that start with `__` are how operators are written inside; they are not part of what a person writes. */
const shown = (entry: LanguageEntry): boolean => !entry.name.startsWith('__') && entry.name !== 'contiene'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The page `docs/lenguaje-de-reglas.md`, from the records of the families. */
export function referencePage(): string {
  const groups = new Map<string, LanguageEntry[]>()
  for (const entry of languageEntries().filter(shown)) {
    const key = `${entry.family}|${entry.on}`
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  const lines = [
    '# El lenguaje de las reglas',
    '',
    'Generado de los registros del compilador (`npx vitest run src/engine/rules -u` lo actualiza); no se edita a mano.',
    '',
    'Una regla es una expresión de pandas sobre `df`. Nunca se ejecuta como código: se traduce a una consulta. En reglas de campo, fila y catálogo `df` es la',
    "tabla; en reglas de paquete, `df['catálogo']['columna']`.",
    '',
    '- Columnas: `df["x"]`, `df.x`, `df["30001"]`. Valores: números, textos, `True`, `False`, `None`, listas, tuplas, conjuntos, diccionarios.',
    '- Operadores: `+ - * / // % **`, `== != < <= > >=` (encadenados también), `& | ^ ~`, `and or not`, `in`, `not in`, `is None`, `a if c else b`.',
    '- Comparar con un nulo es falso (`!=` es verdadero); `~` niega después. `isin` de un nulo es falso. La aritmética con un nulo es nula.',
    '- Un campo `entero` es entero aunque le falten valores: `astype(str)` da `12`, donde pandas daría `12.0`.',
    '- `x is None` y `x is not None` preguntan si falta el valor (en pandas un nulo es `NaN`, que no es `None`).',
    '- Dentro de una lambda un texto se recorre letra a letra (`for c in x`, `enumerate`, `zip`), también en `sum`, `all`, `any` y `join`.',
    '- Expresiones regulares de Python; mirar adelante o atrás y las referencias a grupos se rechazan, o se reescriben donde se puede.',
    '',
  ]
  for (const [key, entries] of groups) {
    const [family, on] = key.split('|')
    lines.push(
      `## ${family}: ${ON[on ?? ''] ?? on}`,
      '',
      '| función | qué hace | ejemplo |',
      '| --- | --- | --- |',
    )
    for (const entry of entries)
      lines.push(`| \`${cell(entry.signature)}\` | ${cell(entry.help)} | \`${cell(entry.example)}\` |`)
    lines.push('')
  }
  return `${lines.join('\n').trimEnd()}\n`
}
