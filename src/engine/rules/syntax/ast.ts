import type { Span } from '../problem'

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export type LogicOperator = '&' | '|' | '^'
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not'

export type LiteralValue = string | number | bigint | boolean | null

export interface Argument extends Span {
  name: string | null
  value: Node
}

export interface SlicePart extends Span {
  type: 'slice'
  start: Node | null
  stop: Node | null
  step: Node | null
}

/** The part of Python an expression can use. Offsets are those of the text. */
export type Node = Span &
  (
    | { type: 'literal'; value: LiteralValue; float?: boolean }
    | { type: 'name'; name: string }
    | { type: 'attribute'; object: Node; name: string; nameSpan: Span }
    | { type: 'subscript'; object: Node; items: (Node | SlicePart)[] }
    | { type: 'call'; callee: Node; args: Argument[] }
    | { type: 'unary'; op: '-' | '+' | '~' | 'not'; operand: Node }
    | { type: 'arithmetic'; op: ArithmeticOperator; left: Node; right: Node }
    | { type: 'logic'; op: LogicOperator; left: Node; right: Node }
    | { type: 'boolean'; op: 'and' | 'or'; left: Node; right: Node }
    | { type: 'compare'; first: Node; rest: { op: CompareOperator; operand: Node }[] }
    | { type: 'conditional'; test: Node; yes: Node; otherwise: Node }
    | { type: 'lambda'; params: string[]; body: Node }
    | { type: 'sequence'; flavour: 'list' | 'tuple' | 'set'; items: Node[] }
    | { type: 'dict'; entries: { key: Node; value: Node }[] }
    | {
        type: 'comprehension'
        flavour: 'list' | 'set' | 'generator'
        element: Node
        /** More than one name takes a tuple apart: `for i, c in enumerate(x)`. */
        targets: string[]
        source: Node
        test: Node | null
      }
  )
