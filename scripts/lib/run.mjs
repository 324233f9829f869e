import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { say } from './paths.mjs'

/**
 * Runs a program as if it were this one: same terminal, signals passed on, its exit code given back.
 * @returns {Promise<number>}
 */
export function runThrough(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    // A terminal sends SIGINT to the whole group, so the child has it already: here it only must not end us before the child.
    const ignore = () => {}
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', process.stdin.isTTY ? ignore : pass)
    process.on('SIGTERM', pass)
    process.on('SIGHUP', pass)
    child.on('error', (error) => {
      say(`${command}: ${error.message}`)
      done(127)
    })
    child.on('exit', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

/** Ends a script with the message of what went wrong instead of a stack. */
export function main(work) {
  work().then(
    (code) => process.exit(code ?? 0),
    (error) => {
      say(error instanceof Error ? error.message : String(error))
      process.exit(2)
    },
  )
}
