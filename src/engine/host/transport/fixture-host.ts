import { openTransport, parentPort } from './index'
import { handlersWith } from './testing'

// A host process for the transport's own test: real port, real process, a few handlers.
const port = parentPort()
if (port === null) {
  process.stderr.write('no parent\n')
  process.exit(2)
}
const transport = openTransport(port, { version: '1.2.3' })
transport.onShutdown(async () => {
  process.stdout.write('saved before the end\n')
})

if (process.argv.includes('--fatal')) {
  void transport.fatal(new Error('no store')).then(() => process.exit(4))
} else {
  transport.serve(
    handlersWith({
      'executions.cancel': async ({ executionId }) => {
        transport.emit('execution.removed', { executionId })
        return { ok: true }
      },
      'casillas.list': (_input, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }),
  )
}
