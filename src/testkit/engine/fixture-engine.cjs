// A tiny engine for tests of the supervisor and the gate: the handshake and messages of src/shared/contract/messages.ts, over
// either host. FIXTURE_MODE says how it misbehaves at start; calls say it by their input, which nobody checks here.
const port = process.parentPort
const post = (message) => (port ? port.postMessage(message) : process.send(message))
const onMessage = (listener) =>
  port ? port.on('message', (event) => listener(event.data)) : process.on('message', listener)
const mode = process.env.FIXTURE_MODE ?? ''
const topics = new Set()
const waiting = new Set()

const reply = (id, output) => post({ kind: 'result', id, ok: true, output })

const answers = {
  'system.health': (id) =>
    reply(id, { pid: process.pid, args: process.argv.slice(2), topics: [...topics].sort() }),
  // Echoes, so a test sees what arrived here.
  'executions.start': (id, input) => reply(id, { echo: input }),
  // Never answer. The console itself asks for lists, so what a test follows with settings.get is rules.try.
  'executions.list': () => {},
  'rules.try': (id) => waiting.add(id),
  'executions.get': (id) =>
    post({
      kind: 'result',
      id,
      ok: false,
      error: { code: 'NOT_FOUND', kind: 'not-found', message: 'no está', retryable: false },
    }),
  'settings.set': (_id, input) => process.exit(input.value),
  'casillas.list': (id) => {
    post({ kind: 'event', topic: 'casillas.changed', payload: { id: 7 } })
    post({ kind: 'event', topic: 'engine.state', payload: { state: 'forged' } })
    reply(id, { items: [] })
  },
  // A casilla that works by itself, where the test wants one: the console asks for it too.
  'recepcion.estado': (id) => {
    if (!process.env.FIXTURE_WATCHING) return reply(id, { items: [] })
    const counts = { enCola: 0, enCurso: 0, cuarentena: 0, ultimoArchivoEn: null }
    const payload = { casillaId: 1, estado: 'vigilando', motivo: null, ...counts }
    post({ kind: 'event', topic: 'recepcion.casilla', payload })
    reply(id, { items: [payload] })
  },
  'executions.artifactPath': (id) => reply(id, { path: process.env.FIXTURE_ARTIFACT }),
  'settings.get': (id) => reply(id, { values: { waiting: [...waiting] } }),
}

function receive(message) {
  switch (message.kind) {
    case 'call':
      return answers[message.op]?.(message.id, message.input)
    case 'cancel':
      return waiting.delete(message.id)
    case 'subscribe':
      return topics.add(message.topic)
    case 'shutdown':
      if (mode !== 'stubborn') process.exit(0)
  }
}

process.stderr.write(`fixture ${mode || 'normal'}\n`)
if (mode === 'fatal') {
  const error = {
    code: 'STORE_NEWER',
    kind: 'conflict',
    message: 'el almacén es más nuevo',
    retryable: false,
  }
  post({ kind: 'fatal', error })
  setTimeout(() => process.exit(3), 50)
} else if (mode === 'crash') {
  process.exit(9)
} else {
  onMessage(receive)
  process.on('disconnect', () => process.exit(0))
  post({ kind: 'hello', protocol: 1, pid: process.pid, version: '0.0.0' })
  if (mode === 'garbage') post({ kind: 'ready', extra: 1 })
  if (mode !== 'silent') post({ kind: 'ready' })
}
