// keeper.cjs FOLDER PID: when that process is gone, ends the servers whose pid files lie in FOLDER/run, and removes the folder.
const { readdirSync, readFileSync, rmSync } = require('node:fs')
const { join } = require('node:path')

const [, , folder, runner] = process.argv

const alive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A pid file may outlive its process, and its number go to another one. */
const isOurs = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
  } catch {
    return false
  }
}

function end() {
  const run = join(folder, 'run')
  for (const name of readdirSync(run).filter((one) => one.endsWith('.pid'))) {
    const pid = Number(readFileSync(join(run, name), 'utf8'))
    // Their store is in memory: there is nothing to close.
    if (isOurs(pid)) process.kill(pid, 'SIGKILL')
  }
}

const timer = setInterval(() => {
  if (alive(Number(runner))) return
  clearInterval(timer)
  try {
    end()
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}, 300)
