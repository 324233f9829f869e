import { z } from 'zod'
import { defineConnector, field } from '../spec'

/** As OpenSSH writes it (`ssh-keygen -lf`), with the type of the key before it when SAGE pinned it. */
export const HOST_KEY = /^(?:[a-z0-9@.-]+ )?SHA256:[A-Za-z0-9+/]{43}$/

export const sftpConfig = z.strictObject({
  version: z.literal(1).default(1),
  host: field(z.string().min(1).max(253), {
    label: { es: 'Servidor', en: 'Server' },
    help: { es: 'Nombre o dirección, sin «sftp://».', en: 'Name or address, without “sftp://”.' },
    placeholder: 'sftp.ejemplo.com',
  }),
  port: field(z.number().int().min(1).max(65_535).default(22), { label: { es: 'Puerto', en: 'Port' } }),
  user: field(z.string().min(1), { label: { es: 'Usuario', en: 'User' } }),
  auth: field(z.enum(['password', 'key']).default('password'), {
    label: { es: 'Entrar con', en: 'Log in with' },
    options: {
      password: { es: 'Contraseña', en: 'Password' },
      key: { es: 'Clave privada', en: 'Private key' },
    },
  }),
  folder: field(z.string().max(3000).default(''), {
    label: { es: 'Carpeta', en: 'Folder' },
    help: {
      es: 'Desde dónde se ve el servidor, como /data/1. Vacía: la carpeta del usuario.',
      en: 'Where the server is seen from, like /data/1. Empty: the home of the user.',
    },
    placeholder: '/data/1',
  }),
  hostKey: field(z.string().regex(HOST_KEY).optional(), {
    label: { es: 'Huella del servidor', en: 'Server fingerprint' },
    help: {
      es: 'Se pide al probar la conexión. Si el servidor muestra otra, no se entra.',
      en: 'Asked for when the connection is tested. If the server shows another one, SAGE stays out.',
    },
    placeholder: 'ssh-ed25519 SHA256:…',
  }),
  keepAliveSeconds: field(z.number().int().min(0).max(600).default(15), {
    label: { es: 'Señal de vida (segundos)', en: 'Keep-alive (seconds)' },
    help: {
      es: 'Cada cuánto se avisa al servidor que se sigue ahí; 0 no avisa.',
      en: 'How often the server is told that we are there; 0 never.',
    },
    advanced: true,
  }),
  verify: field(z.enum(['checksum', 'size']).default('checksum'), {
    label: { es: 'Comprobar lo enviado', en: 'Check what was sent' },
    options: {
      checksum: { es: 'Leerlo de vuelta', en: 'Read it back' },
      size: { es: 'Solo el tamaño', en: 'Its size only' },
    },
    help: {
      es: 'SFTP no da una suma de lo que guardó: leerlo de vuelta la calcula, y duplica lo que viaja.',
      en: 'SFTP gives no checksum of what it stored: reading it back makes one, and doubles the traffic.',
    },
    advanced: true,
  }),
})
export type SftpConfig = z.output<typeof sftpConfig>

export const connector = defineConnector({
  kind: 'sftp',
  label: { es: 'SFTP', en: 'SFTP' },
  summary: { es: 'Una carpeta de un servidor SSH.', en: 'A folder of an SSH server.' },
  configSchema: sftpConfig,
  secretFields: [
    {
      name: 'password',
      label: { es: 'Contraseña', en: 'Password' },
      when: { field: 'auth', is: ['password'] },
    },
    {
      name: 'privateKey',
      label: { es: 'Clave privada', en: 'Private key' },
      help: { es: 'El archivo entero, en formato OpenSSH o PEM.', en: 'The whole file, OpenSSH or PEM.' },
      multiline: true,
      when: { field: 'auth', is: ['key'] },
    },
    {
      name: 'passphrase',
      label: { es: 'Frase de la clave', en: 'Key passphrase' },
      help: { es: 'Solo si la clave está cifrada.', en: 'Only if the key is encrypted.' },
      when: { field: 'auth', is: ['key'] },
    },
  ],
  // Whoever enters may have a root of its own: what another user sees is another place.
  where: ({ host, port, user, folder }) => ({
    reach: `sftp://${user}@${host.toLowerCase()}:${port}`,
    base: folder.replace(/^\/+|\/+$/g, ''),
  }),
  open: async (config, secrets, context) => {
    const { SftpConnector } = await import('./sftp-connector')
    return new SftpConnector(config, secrets, context)
  },
})
