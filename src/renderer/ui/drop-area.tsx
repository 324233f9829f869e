import { Box } from '@mantine/core'
import { type DragEvent, type ReactNode, useState } from 'react'

interface DropAreaProps {
  onFiles: (files: File[]) => void
  label: string
  disabled?: boolean
  /** A line high: where something was dropped already. */
  compact?: boolean
  children: ReactNode
}

/** Takes genuine files of the desktop, the only ones main gives a grant for. */
export function DropArea({ onFiles, label, disabled, compact, children }: DropAreaProps) {
  const [over, setOver] = useState(false)
  const accept = (event: DragEvent) => {
    if (disabled || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setOver(true)
  }
  return (
    <Box
      component="section"
      aria-label={label}
      p={compact ? 'xs' : 'lg'}
      onDragEnter={accept}
      onDragOver={accept}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const files = [...event.dataTransfer.files]
        if (!disabled && files.length > 0) onFiles(files)
      }}
      style={{
        border: `1.5px dashed ${over ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-dimmed)'}`,
        borderRadius: 'var(--mantine-radius-sm)',
        background: over ? 'var(--sage-chosen)' : 'var(--sage-surface)',
      }}
    >
      {children}
    </Box>
  )
}
