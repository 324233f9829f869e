import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { type ConsoleWindow, expect, launchConsole, test } from './support'

/**
 * One exploit each, tried from inside of the console's page as a script that got in there would. A local server counts what
 * reaches it: "blocked" means that nothing arrived, not only that the page was told no.
 */
let server: Server
let origin: string
let hits: string[] = []
let open: ConsoleWindow
let page: Page

test.beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.setHeader('access-control-allow-origin', '*')
    response.end('reached')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  open = await launchConsole({ engine: 'fixture' })
  page = open.page
})

test.afterAll(async () => {
  await open.close()
  server.close()
})

test.beforeEach(() => {
  hits = []
})

/** The page is where it was and still answers. */
async function stillHome(): Promise<void> {
  expect(await page.evaluate(() => location.href)).toBe('app://sage/')
  expect(await open.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
}

test('the page has no Node: no require, no process, no modules, no Electron', async () => {
  const found = await page.evaluate(() =>
    [
      'require',
      'process',
      'module',
      'exports',
      'Buffer',
      'global',
      '__dirname',
      'electron',
      'ipcRenderer',
    ].filter((name) => Reflect.get(window, name) !== undefined),
  )
  expect(found).toEqual([])
})

test('the window asks for sandbox, isolation and web security', async () => {
  const preferences = await open.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const read: unknown = contents === undefined ? undefined : Reflect.get(contents, 'getLastWebPreferences')
    return typeof read === 'function' ? read.call(contents) : null
  })
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
  })
})

test('the bridge and its functions can not be replaced', async () => {
  const changed = await page.evaluate(() => {
    const before = window.sage.call
    const tries = [
      () => Reflect.set(window.sage, 'call', () => 'forged'),
      () => Reflect.set(window, 'sage', {}),
      () => Reflect.deleteProperty(window, 'sage'),
    ]
    for (const attempt of tries) attempt()
    return window.sage.call !== before
  })
  expect(changed).toBe(false)
})

test('the network and the disk are out of reach for fetch, images, sockets, beacons and workers', async () => {
  const outcomes = await page.evaluate(async (base) => {
    const tried = async (work: () => Promise<unknown>): Promise<string> =>
      work().then(
        () => 'reached',
        () => 'blocked',
      )
    const image = (src: string): Promise<void> =>
      new Promise((done, fail) => {
        const element = new Image()
        element.onload = () => done()
        element.onerror = () => fail()
        element.src = src
      })
    const socket = (url: string): Promise<void> =>
      new Promise((done, fail) => {
        const made = new WebSocket(url)
        made.onopen = () => done()
        made.onerror = () => fail()
      })
    navigator.sendBeacon(`${base}/beacon`, 'x')
    return {
      http: await tried(() => fetch(`${base}/fetch`)),
      noCors: await tried(() => fetch(`${base}/no-cors`, { mode: 'no-cors' })),
      https: await tried(() => fetch('https://example.com/')),
      file: await tried(() => fetch('file:///etc/passwd')),
      image: await tried(() => image(`${base}/image.png`)),
      socket: await tried(() => socket(`${base.replace('http', 'ws')}/socket`)),
      module: await tried(() => import(/* @vite-ignore */ `${base}/module.js`)),
    }
  }, origin)
  expect(outcomes).toEqual({
    http: 'blocked',
    noCors: 'blocked',
    https: 'blocked',
    file: 'blocked',
    image: 'blocked',
    socket: 'blocked',
    module: 'blocked',
  })
  expect(hits).toEqual([])
})

test('the session itself has no network, with the CSP out of the way', async () => {
  const outcome = await open.app.evaluate(
    ({ session }, url) =>
      session.defaultSession.fetch(url).then(
        () => 'reached',
        (error: Error) => error.message,
      ),
    `${origin}/session`,
  )
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT')
  expect(hits).toEqual([])
})

test('no inline script, event handler, eval, data: or blob: script runs', async () => {
  const violations = await page.evaluate(async () => {
    const seen: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective))
    const inline = document.createElement('script')
    inline.textContent = 'window.pwned = 1'
    document.body.append(inline)
    const holder = document.createElement('div')
    holder.innerHTML = '<img src="data:image/png;base64,x" onerror="window.pwned = 2">'
    document.body.append(holder)
    const load = (src: string): Promise<void> =>
      new Promise((done) => {
        const element = document.createElement('script')
        element.onload = () => done()
        element.onerror = () => done()
        element.src = src
        document.body.append(element)
      })
    await load('data:text/javascript,window.pwned = 3')
    await load(URL.createObjectURL(new Blob(['window.pwned = 4'], { type: 'text/javascript' })))
    try {
      // biome-ignore lint/security/noGlobalEval: the exploit under test
      eval('window.pwned = 5')
    } catch {
      seen.push('eval refused')
    }
    for (const element of [inline, holder]) element.remove()
    return seen
  })
  expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined()
  expect(violations).toContain('script-src-elem')
  expect(violations).toContain('eval refused')
})

test('app:// gives nothing from outside of the console, however the path is written', async () => {
  const paths = [
    'app://sage/../../package.json',
    'app://sage/..%2f..%2fpackage.json',
    'app://sage/%2e%2e/%2e%2e/package.json',
    'app://sage/%2e%2e%2f%2e%2e%2fpackage.json',
    'app://sage/..%5c..%5cpackage.json',
    'app://sage/%252e%252e%252fpackage.json',
    'app://sage/....//....//package.json',
    'app://sage//etc/passwd',
    'app://sage/%2fetc%2fpasswd',
    'app://sage/../main/index.cjs',
    'app://sage/..%2fpreload%2findex.cjs',
    'app://sage/..%2f..%2fpackage.json%00.html',
    'app://sage/index.html%00.js',
    'app://other/index.html',
    'app://sage:80/package.json',
  ]
  const answers = await page.evaluate(
    (all) =>
      Promise.all(
        all.map((path) =>
          fetch(path).then(
            async (answer) => ({ path, status: answer.status, text: await answer.text() }),
            () => ({ path, status: 0, text: '' }),
          ),
        ),
      ),
    paths,
  )
  const home = await page.evaluate(() => fetch('app://sage/').then((answer) => answer.text()))
  for (const { path, status, text } of answers) {
    // A place without extension is the console itself; everything else is not there.
    if (status === 200) expect(text, path).toBe(home)
    else expect([0, 404], path).toContain(status)
  }
  expect(answers.filter(({ text }) => text.includes('sage-desktop') || text.includes('root:'))).toEqual([])
  const put = await page.evaluate(() =>
    fetch('app://sage/', { method: 'POST', body: 'x' }).then((answer) => answer.status),
  )
  expect(put).toBe(405)
})

test('every answer of app:// carries the policy', async () => {
  const policy = await page.evaluate(() =>
    fetch('app://sage/').then((answer) => answer.headers.get('content-security-policy') ?? ''),
  )
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]) {
    expect(policy).toContain(part)
  }
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
})

test('window.open and target=_blank open nothing', async () => {
  const opened = await page.evaluate((base) => {
    const link = document.createElement('a')
    link.href = `${base}/blank`
    link.target = '_blank'
    document.body.append(link)
    link.click()
    link.remove()
    return [`${base}/open`, 'app://sage/', 'about:blank', 'file:///etc/passwd'].map(
      (url) => window.open(url) === null,
    )
  }, origin)
  expect(opened).toEqual([true, true, true, true])
  await expect.poll(() => open.logs()).toContain(`ventana nueva a ${origin}/blank denegada`)
  await stillHome()
  expect(hits).toEqual([])
})

for (const [name, target] of [
  ['http', () => `${origin}/away`],
  ['https', () => 'https://example.com/'],
  ['look-alike host', () => 'app://sage.evil/'],
  ['look-alike user', () => 'app://sage@evil/'],
] as const) {
  test(`navigation to ${name} is denied`, async () => {
    await page.evaluate((url) => {
      location.href = url
    }, target())
    // Chromium drops a user name of our scheme before anyone sees it.
    const shown = target().replace('sage@', '')
    await expect.poll(() => open.logs()).toContain(`a ${shown} denegada`)
    await stillHome()
    expect(hits).toEqual([])
  })
}

test('navigation to file:, data: and javascript: leads nowhere', async () => {
  for (const url of ['file:///etc/passwd', 'data:text/html,<h1>x</h1>', 'javascript:window.pwned=6']) {
    await page.evaluate((target) => {
      const link = document.createElement('a')
      link.href = target
      document.body.append(link)
      link.click()
      link.remove()
    }, url)
    await stillHome()
  }
  expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined()
})

test('frames, forms and a base element get no foothold', async () => {
  await page.evaluate((base) => {
    const frame = document.createElement('iframe')
    frame.src = `${base}/frame`
    const form = document.createElement('form')
    form.action = `${base}/form`
    form.method = 'post'
    const element = document.createElement('base')
    element.href = `${base}/`
    document.body.append(frame, form)
    document.head.append(element)
    form.submit()
  }, origin)
  expect(await page.evaluate(() => document.baseURI)).toBe('app://sage/')
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('iframe, form, base')) element.remove()
  })
  await stillHome()
  expect(hits).toEqual([])
})

test('every permission is denied', async () => {
  const answers = await page.evaluate(async () => {
    const place = await new Promise<number>((done) =>
      navigator.geolocation.getCurrentPosition(
        () => done(0),
        (error) => done(error.code),
      ),
    )
    const refused = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'granted',
        (error: Error) => error.name,
      )
    const states: string[] = []
    for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi']) {
      states.push((await navigator.permissions.query({ name: name as PermissionName })).state)
    }
    return {
      place,
      states: [...new Set(states)],
      notification: await Notification.requestPermission(),
      media: await refused(navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia({ video: true })),
      clipboard: await refused(navigator.clipboard.readText()),
    }
  })
  expect(answers).toMatchObject({ place: 1, states: ['denied'], notification: 'denied' })
  expect(['NotAllowedError', 'NotFoundError', 'NotSupportedError']).toContain(answers.media)
  expect(['NotAllowedError', 'InvalidStateError', 'NotSupportedError']).toContain(answers.screen)
  expect(answers.clipboard).toBe('NotAllowedError')
})

test('a webview is an unknown element', async () => {
  const kind = await page.evaluate((url) => {
    const view = document.createElement('webview')
    view.setAttribute('src', url)
    document.body.append(view)
    const made = 'getWebContentsId' in view || 'executeJavaScript' in view
    view.remove()
    return made
  }, `${origin}/webview`)
  expect(kind).toBe(false)
  expect(await open.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1)
  expect(hits).toEqual([])
})

test('a download does not start', async () => {
  const started = open.app.evaluate(
    ({ session }) =>
      new Promise<boolean>((done) => {
        session.defaultSession.once('will-download', (event) => done(event.defaultPrevented))
      }),
  )
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['x']))
    link.download = 'x.exe'
    link.click()
  })
  expect(await started).toBe(true)
})
