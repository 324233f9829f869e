import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const POLL_MS = 150
const STALE_MS = 15 * 60_000

const alive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function abandoned(folder) {
  try {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    return !alive(pid)
  } catch {
    // No pid yet: its owner is between mkdir and write, unless it died there.
    try {
      return Date.now() - statSync(folder).mtimeMs > STALE_MS
    } catch {
      return true
    }
  }
}

/** Runs `work` while no other process of the machine holds the lock at `folder`; a dead owner's lock is taken over. */
export async function withLock(folder, work) {
  mkdirSync(dirname(folder), { recursive: true })
  for (;;) {
    try {
      mkdirSync(folder)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (abandoned(folder)) rmSync(folder, { recursive: true, force: true })
      else await pause(POLL_MS)
    }
  }
  try {
    writeFileSync(join(folder, 'pid'), String(process.pid))
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
