import { AppError } from '@shared/errors/app-error'

/** Other processes may rotate the key or change the same secret at the same time: each try starts from what they left. */
const TRIES = 4
const BUSY = 'SECRETS_BUSY'

/** Someone else changed the keys or the secret between two steps: nothing was lost, and it can be asked again. */
export const changedMeanwhile = (): AppError =>
  new AppError(BUSY, {
    kind: 'transient',
    message: 'Otro proceso cambió los secretos a la vez.',
    hint: 'Volver a intentarlo.',
  })

/** Runs `work` again when what it started from was changed under its feet. @throws AppError SECRETS_BUSY, and what `work` throws */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left <= 1 || AppError.from(error).code !== BUSY) throw error
    }
  }
}
