import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, it, vi } from 'vitest'
import { askAgain } from './ask-again'

it('a change told while the first answer is on its way is in what is shown', async () => {
  const client = new QueryClient()
  const answers: ((names: string[]) => void)[] = []
  const observer = new QueryObserver(client, {
    queryKey: ['casillas.list', {}],
    queryFn: () => new Promise<string[]>((answer) => answers.push(answer)),
  })
  const stop = observer.subscribe(() => {})
  await vi.waitUntil(() => answers.length === 1)
  askAgain(client, ['casillas.list'])
  answers[0]?.(['Ventas'])
  await vi.waitUntil(() => answers.length === 2)
  answers[1]?.(['Personas', 'Ventas'])
  await vi.waitUntil(() => observer.getCurrentResult().data?.length === 2)
  expect(observer.getCurrentResult().data).toEqual(['Personas', 'Ventas'])
  stop()
})

it('what was shown is asked for once', async () => {
  const client = new QueryClient()
  let asked = 0
  const observer = new QueryObserver(client, {
    queryKey: ['casillas.list', {}],
    queryFn: async () => {
      asked += 1
      return asked
    },
  })
  const stop = observer.subscribe(() => {})
  await vi.waitUntil(() => observer.getCurrentResult().data === 1)
  askAgain(client, ['casillas.list'])
  await vi.waitUntil(() => observer.getCurrentResult().data === 2)
  expect(asked).toBe(2)
  stop()
})
