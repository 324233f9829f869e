import { notifications } from '@mantine/notifications'
import type { AppErrorData } from '@shared/errors/app-error'
import type { ReactNode } from 'react'

/** A short word that something was done; read aloud too. */
export function notifyDone(message: ReactNode) {
  notifications.show({ message, color: 'teal', withBorder: true, autoClose: 3000 })
}

/** A failure that belongs to no block of the page: what happened and what to do. */
export function notifyError(error: AppErrorData) {
  notifications.show({
    title: error.message,
    message: error.hint ?? error.code,
    color: 'red',
    withBorder: true,
    autoClose: 10_000,
  })
}
