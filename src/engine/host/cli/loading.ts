import { setTimeout as after } from 'node:timers/promises'
import { lockDataDir } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { Services } from './data-folder'

/** How often a load that another process does is looked at. */
const LOOK_MS = 200

/** Waits for its end, or for a person. */
const isDone = ({
  estado,
  proximoIntento,
  retenidaPor,
}: {
  estado: string
  proximoIntento: string | null
  retenidaPor: string | null
}) => (estado !== 'en_espera' && estado !== 'en_proceso') || proximoIntento !== null || retenidaPor !== null

/** The lock of the data folder, or null when an engine has it. */
function lockFree(dataDir: string): (() => void) | null {
  try {
    return lockDataDir(dataDir, 0)
  } catch (error) {
    if (AppError.from(error).code === 'ENGINE_ALREADY_RUNNING') return null
    throw error
  }
}

/**
 * Resolves when these loads ended, were put off or are held. Done here when no engine has the data folder, with whatever else waits;
 * else by that engine, which sees what the store has.
 */
export async function untilLoaded(services: Services, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { dataDir, materialization } = services
  const release = lockFree(dataDir)
  if (release === null) {
    const pending = () => materialization.cargas.named(ids).some((carga) => !isDone(carga))
    while (pending()) await after(LOOK_MS)
    return
  }
  try {
    await materialization.loader.recover()
    materialization.loader.start()
    await materialization.loader.idle()
  } finally {
    await materialization.loader.close()
    release()
  }
}
