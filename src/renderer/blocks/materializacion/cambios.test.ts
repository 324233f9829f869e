import { expect, test } from 'vitest'
import { changeLines } from './cambios'

test('a changed row is told as what was and what is, with the cells that differ; nothing is not the empty text', () => {
  const lines = changeLines([
    { cambio: 'actualizada', antes: ['1', 'Ana', null, ''], despues: ['1', 'Eva', '', ''] },
    { cambio: 'insertada', antes: null, despues: ['2', 'Luz', 'x', 'y'] },
    { cambio: 'eliminada', antes: ['3', 'Sol', 'x', 'y'], despues: null },
  ])
  expect(lines.map(({ cambio, side, changed }) => [cambio, side, [...changed]])).toEqual([
    ['actualizada', 'antes', [1, 2]],
    ['actualizada', 'despues', [1, 2]],
    ['insertada', 'despues', []],
    ['eliminada', 'antes', []],
  ])
})
