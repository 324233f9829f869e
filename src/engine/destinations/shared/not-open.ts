import { AppError } from '@shared/errors/app-error'

/** Asked of a session or a transaction that has ended: nothing of it was written. */
export const notOpen = (nombre: string): AppError =>
  new AppError('CONEXION_PERDIDA', {
    kind: 'transient',
    message: `${nombre}: se cerró antes de terminar y no se confirmó nada.`,
    hint: 'La carga se repite sola y no deja nada a medias.',
  })
