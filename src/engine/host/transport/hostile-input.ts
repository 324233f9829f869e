import { AppError } from '@shared/errors/app-error'

const MAX_DEPTH = 32
const MAX_NODES = 200_000

const refuse = (reason: string): AppError =>
  new AppError('INPUT_INVALID', { kind: 'input', message: `La petición no es válida: ${reason}.` })

/**
 * Refuses input that no schema should have to think about: an own `__proto__` key (prototype pollution wherever it is later
 * merged), nesting that overflows a recursive walk, or so many values that walking it is the attack.
 * @throws AppError INPUT_INVALID
 */
export function refuseHostileInput(input: unknown): void {
  const queue: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }]
  let seen = 0
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    const { value, depth } = item
    if (typeof value !== 'object' || value === null) continue
    if (depth > MAX_DEPTH) throw refuse('tiene demasiados niveles')
    if (Object.hasOwn(value, '__proto__')) throw refuse('usa una clave prohibida (__proto__)')
    const children = Object.values(value)
    seen += children.length
    if (seen > MAX_NODES) throw refuse('tiene demasiados valores')
    for (const child of children) queue.push({ value: child, depth: depth + 1 })
  }
}
