import { describeValue, isOperand, type Value } from './plan/values'
import { didYouMean, fail, type Span } from './problem'
import { lookup, namesOf } from './registry'

/** Where the functions of a value are looked for, in order. */
export function receiversOf(value: Value): string[] {
  switch (value.t) {
    case 'accessor':
      if (value.kind === 'str') return ['texto']
      if (value.kind === 'dt') return [isDelta(value.of) ? 'duración' : 'fecha']
      return []
    case 'column':
      return value.elem ? [...elementary(value.kind), 'columna'] : ['columna']
    case 'scalar':
      return [...elementary(value.kind), 'valor']
    case 'frame':
      return value.elem ? ['fila'] : ['df']
    case 'package':
      return ['paquete']
    case 'group':
      return ['grupo']
    case 'windowed':
      return ['ventana']
    case 'vector':
      return ['serie']
    case 'list':
    case 'set':
      return ['conjunto']
    case 'dict':
      return ['diccionario']
    case 'module':
      return [value.name]
    case 'iterable':
    case 'offset':
    case 'lambda':
    case 'function':
      return []
  }
}

function elementary(kind: string): string[] {
  if (kind === 'text') return ['texto']
  if (kind === 'date') return ['fecha']
  if (kind === 'delta') return ['duración']
  if (kind === 'int' || kind === 'float') return ['numero']
  return []
}

const isDelta = (of: Value): boolean => (of.t === 'column' || of.t === 'scalar') && of.kind === 'delta'

const FRAME_LABELS: Partial<Record<Value['t'], string>> = {
  column: 'una columna',
  frame: 'la tabla',
  package: 'el paquete',
  group: 'un groupby',
}

/** What is nearest to a name that a value does not have. */
export function noAttribute(value: Value, name: string, span: Span): never {
  const columns =
    value.t === 'frame' ? [...value.columns.keys()] : value.t === 'package' ? [...value.frames.keys()] : []
  const known = [...receiversOf(value).flatMap(namesOf), ...columns]
  const guess = didYouMean(name, known)
  const what = FRAME_LABELS[value.t] ?? describeValue(value)
  let hint: string | undefined
  if (isOperand(value) && lookup('texto', name))
    hint = `los métodos de texto van tras \`.str\`: \`.str.${name}\``
  else if (isOperand(value) && lookup('fecha', name))
    hint = `las partes de una fecha van tras \`.dt\`: \`.dt.${name}\``
  return fail('ATTRIBUTE', `no existe \`${name}\` en ${what}${guess}`, span, hint)
}
