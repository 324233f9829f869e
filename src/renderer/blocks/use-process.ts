import type { OperationInput } from '@shared/contract'
import type { AppErrorData } from '@shared/errors/app-error'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { bridge, call, toCallError } from '../api/client'

/** Starts executions of one casilla from a dropped file, a chosen file, or its sample; on behalf of a sender when one is given. */
export function useProcess(casillaId: number, emisorId: number | null = null) {
  const client = useQueryClient()
  const [started, setStarted] = useState<string[]>([])
  const [error, setError] = useState<AppErrorData | null>(null)
  const [busy, setBusy] = useState(false)

  const run = async (work: () => Promise<string[]>) => {
    setBusy(true)
    setError(null)
    try {
      const ids = await work()
      if (ids.length > 0) setStarted((before) => [...ids, ...before])
      void client.invalidateQueries({ queryKey: ['executions.list'] })
    } catch (caught) {
      setError(toCallError(caught).data)
    } finally {
      setBusy(false)
    }
  }
  const start = async (source: OperationInput<'executions.start'>['source'], nombre?: string) => {
    const { executionId } = await call('executions.start', {
      casillaId,
      source,
      ...(nombre ? { nombre } : {}),
      ...(emisorId === null ? {} : { emisorId }),
    })
    return executionId
  }

  return {
    started,
    error,
    busy,
    sample: () => run(async () => [await start({ muestraDe: casillaId })]),
    choose: () =>
      run(async () => {
        const { file } = await call('dialog.chooseFile', { purpose: 'data' })
        return file ? [await start({ token: file.token }, file.name)] : []
      }),
    files: (files: File[]) =>
      run(async () => {
        const ids: string[] = []
        for (const file of files) {
          const grant = await bridge().grantFile(file)
          ids.push(await start({ token: grant.token }, grant.name))
        }
        return ids
      }),
  }
}
