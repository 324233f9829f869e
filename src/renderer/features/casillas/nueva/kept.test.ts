import { expect, it } from 'vitest'
import { forgetKept, kept } from './kept'

it('a kept value stays until everything is forgotten', () => {
  const name = kept('')
  const list = kept<number[]>([])
  name.current = 'Pedidos'
  list.current = [1, 2]
  forgetKept()
  expect([name.current, list.current]).toEqual(['', []])
})
