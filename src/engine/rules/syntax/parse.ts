import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
import { fail, type Span } from '../problem'
import type { Argument, ArithmeticOperator, CompareOperator, LogicOperator, Node, SlicePart } from './ast'
import { formatString } from './format-string'
import { type Reading, regroup } from './regroup'
import { readString } from './strings'

const MAX_LENGTH = 20_000
const MAX_DEPTH = 120

/**
 * Reads one Python expression with the real grammar and gives our tree. Throws a RuleError that names the place of what is
 * not an expression (statements, assignments, `await`, f-strings...).
 */
export function parseExpression(text: string): Node {
  if (text.length > MAX_LENGTH) {
    return fail('TOO_LONG', `la expresión tiene más de ${MAX_LENGTH} caracteres`, {
      from: 0,
      to: text.length,
    })
  }
  if (text.trim() === '') return fail('SYNTAX', 'la expresión está vacía', { from: 0, to: text.length })
  // A rule may span lines in YAML; inside parentheses Python does not care, so neither do we. Same length: offsets hold.
  const lead = text.length - text.trimStart().length
  const source = `(${text.slice(lead)}\n)`
  const tree = parser.parse(source)
  return new Reader(source, lead - 1, text.length).read(tree.topNode)
}

class Reader {
  private depth = 0
  /** What the readers of a part of the grammar need of this one. */
  private readonly reading: Reading = {
    node: (node) => this.node(node),
    span: (node) => this.span(node),
    text: (node) => this.text(node),
    children: (node) => this.children(node),
    slice: (from, to) => this.source.slice(from, to),
  }
  constructor(
    private readonly source: string,
    private readonly shift: number,
    private readonly length: number,
  ) {}

  read(top: SyntaxNode): Node {
    this.refuseErrors(top)
    const statements = this.children(top)
    const statement = statements[0]
    if (statements.length !== 1 || statement?.name !== 'ExpressionStatement') {
      return fail('SYNTAX', 'la regla debe ser una sola expresión', this.span(statement ?? top))
    }
    const inner = this.children(statement)
    const only = inner[0]
    // The text was wrapped in parentheses: what closes them early (`a) or (b`) is not one expression.
    const wrapped =
      only && /^(Parenthesized|Tuple|Comprehension)/.test(only.name) && only.to === this.source.length
    if (only && !wrapped) return fail('SYNTAX', 'sobra un paréntesis', this.span(only))
    if (inner.length !== 1 || !only)
      return fail('SYNTAX', 'la regla debe ser una sola expresión', this.span(statement))
    return this.node(only)
  }

  private refuseErrors(top: SyntaxNode): void {
    const cursor = top.cursor()
    do {
      if (!cursor.type.isError) continue
      const from = this.at(cursor.from)
      const to = Math.max(from + 1, this.at(cursor.to))
      const what = this.source.slice(cursor.from, cursor.to).trim()
      const shown = what === '' ? 'falta algo aquí' : `no se esperaba \`${what.slice(0, 40)}\``
      fail(
        'SYNTAX',
        `la expresión no es Python válido: ${shown}`,
        { from: Math.min(from, this.length), to },
        this.syntaxHint(what),
      )
    } while (cursor.next())
  }

  private syntaxHint(what: string): string | undefined {
    if (what.startsWith('&&')) return 'en Python se escribe `&`'
    if (what.startsWith('||')) return 'en Python se escribe `|`'
    if (what === '!' || what.startsWith('!')) return 'la negación se escribe `~`'
    if (what === '=') return 'para comparar usar `==`'
    return 'revisar paréntesis, corchetes y comillas'
  }

  private at(offset: number): number {
    return Math.max(0, Math.min(this.length, offset + this.shift))
  }

  private span(node: SyntaxNode): Span {
    return { from: this.at(node.from), to: this.at(node.to) }
  }

  private text(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to)
  }

  private children(node: SyntaxNode): SyntaxNode[] {
    const out: SyntaxNode[] = []
    for (let child = node.firstChild; child; child = child.nextSibling)
      if (child.name !== 'Comment') out.push(child)
    return out
  }

  private node(node: SyntaxNode): Node {
    if (++this.depth > MAX_DEPTH)
      return fail('TOO_DEEP', 'la expresión está demasiado anidada', this.span(node))
    try {
      return this.dispatch(node)
    } finally {
      this.depth--
    }
  }

  private dispatch(node: SyntaxNode): Node {
    const span = this.span(node)
    switch (node.name) {
      case 'Number':
        return this.number(node)
      case 'String':
        return { type: 'literal', value: readString(this.text(node), span), ...span }
      case 'ContinuedString': {
        const value = this.children(node).map((part) => readString(this.text(part), this.span(part)))
        return { type: 'literal', value: value.join(''), ...span }
      }
      case 'Boolean':
        return { type: 'literal', value: this.text(node) === 'True', ...span }
      case 'None':
        return { type: 'literal', value: null, ...span }
      case 'VariableName':
        return { type: 'name', name: this.text(node), ...span }
      case 'ParenthesizedExpression': {
        const inner = this.children(node).find((child) => child.name !== '(' && child.name !== ')')
        return inner ? this.node(inner) : fail('SYNTAX', 'paréntesis vacíos', span)
      }
      case 'MemberExpression':
        return this.member(node)
      case 'CallExpression':
        return this.call(node)
      case 'BinaryExpression':
        return this.binary(node)
      case 'UnaryExpression':
        return this.unary(node)
      case 'ConditionalExpression':
        return this.conditional(node)
      case 'LambdaExpression':
        return this.lambda(node)
      case 'ArrayExpression':
        return { type: 'sequence', flavour: 'list', items: this.items(node), ...span }
      case 'TupleExpression':
        return { type: 'sequence', flavour: 'tuple', items: this.items(node), ...span }
      case 'SetExpression':
        return { type: 'sequence', flavour: 'set', items: this.items(node), ...span }
      case 'DictionaryExpression':
        return this.dictionary(node)
      case 'ArrayComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'ComprehensionExpression':
        return this.comprehension(node)
      case 'FormatString':
        return formatString(node, this.reading)
      default:
        return fail(
          'UNSUPPORTED',
          `\`${this.text(node).slice(0, 40)}\` no es parte del lenguaje de reglas`,
          span,
        )
    }
  }

  private items(node: SyntaxNode): Node[] {
    const skip = new Set(['[', ']', '(', ')', '{', '}', ','])
    return this.children(node)
      .filter((child) => !skip.has(child.name))
      .map((child) => this.node(child))
  }

  private number(node: SyntaxNode): Node {
    const span = this.span(node)
    const raw = this.text(node).replaceAll('_', '')
    if (/[jJ]$/.test(raw)) return fail('UNSUPPORTED', 'no se admiten números complejos', span)
    if (/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/.test(raw)) {
      if (/^0\d*[1-9]/.test(raw))
        return fail('SYNTAX', 'un número no puede empezar con 0', span, 'si es un código, va entre comillas')
      const value = BigInt(raw)
      if (value > 9_223_372_036_854_775_807n)
        return { type: 'literal', value: Number(value), float: true, ...span }
      return { type: 'literal', value: Number.isSafeInteger(Number(value)) ? Number(value) : value, ...span }
    }
    const value = Number(raw)
    if (Number.isNaN(value)) return fail('SYNTAX', `\`${raw}\` no es un número`, span)
    return { type: 'literal', value, float: true, ...span }
  }

  private member(node: SyntaxNode): Node {
    const span = this.span(node)
    const parts = this.children(node)
    const object = parts[0]
    if (!object) return fail('SYNTAX', 'expresión incompleta', span)
    const property = parts.find((part) => part.name === 'PropertyName')
    if (property) {
      return {
        type: 'attribute',
        object: this.node(object),
        name: this.text(property),
        nameSpan: this.span(property),
        ...span,
      }
    }
    return {
      type: 'subscript',
      object: this.node(object),
      items: this.subscript(parts.slice(1), span),
      ...span,
    }
  }

  private subscript(parts: SyntaxNode[], span: Span): (Node | SlicePart)[] {
    const groups: SyntaxNode[][] = [[]]
    for (const part of parts.slice(1, -1)) {
      if (part.name === ',') groups.push([])
      else groups.at(-1)?.push(part)
    }
    if (groups.length > 1 && groups.at(-1)?.length === 0) groups.pop()
    return groups.map((group) => {
      const first = group[0]
      if (!first) return fail('SYNTAX', 'faltan los corchetes por llenar', span)
      const last = group.at(-1) ?? first
      const where = { from: this.span(first).from, to: this.span(last).to }
      if (!group.some((part) => part.name === ':')) return this.node(first)
      const slots: (Node | null)[] = [null]
      for (const part of group) {
        if (part.name === ':') slots.push(null)
        else slots[slots.length - 1] = this.node(part)
      }
      return {
        type: 'slice',
        start: slots[0] ?? null,
        stop: slots[1] ?? null,
        step: slots[2] ?? null,
        ...where,
      }
    })
  }

  private call(node: SyntaxNode): Node {
    const span = this.span(node)
    const [callee, list] = this.children(node)
    if (!callee || !list) return fail('SYNTAX', 'llamada incompleta', span)
    return { type: 'call', callee: this.node(callee), args: this.arguments(list), ...span }
  }

  private arguments(list: SyntaxNode): Argument[] {
    const parts = this.children(list).slice(1, -1)
    if (parts.some((part) => part.name === 'for')) {
      const generator = this.comprehensionOf(parts, 'generator', this.span(list))
      return [{ name: null, value: generator, from: generator.from, to: generator.to }]
    }
    const out: Argument[] = []
    let group: SyntaxNode[] = []
    const flush = (): void => {
      const value = group.at(-1)
      if (!value) return
      const first = group[0]
      if (first && (first.name === '*' || first.name === '**')) {
        fail('UNSUPPORTED', 'no se admiten argumentos con `*`', this.span(first))
      }
      const name = group.length > 1 && first ? this.text(first) : null
      out.push({
        name,
        value: this.node(value),
        from: this.span(first ?? value).from,
        to: this.span(value).to,
      })
      group = []
    }
    for (const part of parts) {
      if (part.name === ',') flush()
      else group.push(part)
    }
    flush()
    return out
  }

  private binary(node: SyntaxNode): Node {
    const span = this.span(node)
    const parts = this.children(node)
    const left = parts[0]
    const right = parts.at(-1)
    const op = parts
      .slice(1, -1)
      .map((part) => this.text(part))
      .join(' ')
    if (!left || !right) return fail('SYNTAX', 'expresión incompleta', span)
    if (op === 'and' || op === 'or') return regroup(node, this.reading, MAX_DEPTH)
    if (isArithmetic(op))
      return { type: 'arithmetic', op, left: this.node(left), right: this.node(right), ...span }
    if (isLogic(op)) return { type: 'logic', op, left: this.node(left), right: this.node(right), ...span }
    if (!isCompare(op)) {
      const hint = op === '<>' ? 'usar `!=`' : undefined
      return fail('UNSUPPORTED', `el operador \`${op}\` no se admite`, span, hint)
    }
    // The grammar nests `a < b < c` to the left; Python chains it. A parenthesised left side is not a chain.
    const first = this.node(left)
    const rest = { op, operand: this.node(right) }
    if (left.name === 'BinaryExpression' && first.type === 'compare')
      return { ...first, rest: [...first.rest, rest], ...span }
    return { type: 'compare', first, rest: [rest], ...span }
  }

  private unary(node: SyntaxNode): Node {
    const span = this.span(node)
    const [operator, operand] = this.children(node)
    const op = operator ? this.text(operator) : ''
    if (!operand || (op !== '-' && op !== '+' && op !== '~' && op !== 'not')) {
      return fail('SYNTAX', 'expresión incompleta', span)
    }
    if (op === 'not') return regroup(node, this.reading, MAX_DEPTH)
    return { type: 'unary', op, operand: this.node(operand), ...span }
  }

  private conditional(node: SyntaxNode): Node {
    const span = this.span(node)
    const [then, , test, , otherwise] = this.children(node)
    if (!then || !test || !otherwise) return fail('SYNTAX', 'a la condición le falta `else`', span)
    return {
      type: 'conditional',
      yes: this.node(then),
      test: this.node(test),
      otherwise: this.node(otherwise),
      ...span,
    }
  }

  private lambda(node: SyntaxNode): Node {
    const span = this.span(node)
    const parts = this.children(node)
    const list = parts.find((part) => part.name === 'ParamList')
    const body = parts.at(-1)
    if (!body) return fail('SYNTAX', 'a la lambda le falta el cuerpo', span)
    const params = (list ? this.children(list) : []).filter((part) => part.name !== ',')
    const odd = params.find((part) => part.name !== 'VariableName')
    if (odd) return fail('UNSUPPORTED', 'la lambda solo admite parámetros simples', this.span(odd))
    return { type: 'lambda', params: params.map((part) => this.text(part)), body: this.node(body), ...span }
  }

  private dictionary(node: SyntaxNode): Node {
    const span = this.span(node)
    const parts = this.children(node).filter((part) => !['{', '}', ',', ':'].includes(part.name))
    const entries: { key: Node; value: Node }[] = []
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const key = parts[i]
      const value = parts[i + 1]
      if (key && value) entries.push({ key: this.node(key), value: this.node(value) })
    }
    return { type: 'dict', entries, ...span }
  }

  private comprehension(node: SyntaxNode): Node {
    const flavour = node.name.startsWith('Array') ? 'list' : node.name.startsWith('Set') ? 'set' : 'generator'
    return this.comprehensionOf(this.children(node).slice(1, -1), flavour, this.span(node))
  }

  private comprehensionOf(parts: SyntaxNode[], flavour: 'list' | 'set' | 'generator', span: Span): Node {
    const at = parts.findIndex((part) => part.name === 'in')
    const [element, forWord] = parts
    const targets = parts
      .slice(2, at)
      .flatMap((part) =>
        part.name === 'TupleExpression' || part.name === 'ParenthesizedExpression'
          ? this.children(part)
          : [part],
      )
    const names = targets.filter((part) => !['(', ')', ','].includes(part.name))
    const [source, ifWord, test, ...more] = parts.slice(at + 1)
    const shaped = at > 2 && forWord?.name === 'for' && names.every((part) => part.name === 'VariableName')
    if (!element || !source || !shaped || more.length > 0 || (ifWord && ifWord.name !== 'if')) {
      return fail('UNSUPPORTED', 'solo se admite `expr for x in origen [if condición]`', span)
    }
    return {
      type: 'comprehension',
      flavour,
      element: this.node(element),
      targets: names.map((part) => this.text(part)),
      source: this.node(source),
      test: test ? this.node(test) : null,
      ...span,
    }
  }
}

const isArithmetic = (op: string): op is ArithmeticOperator =>
  ['+', '-', '*', '/', '//', '%', '**'].includes(op)
const isLogic = (op: string): op is LogicOperator => ['&', '|', '^'].includes(op)
const isCompare = (op: string): op is CompareOperator =>
  ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not'].includes(op)
