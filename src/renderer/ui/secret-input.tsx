import { ActionIcon, Textarea, type TextareaProps } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { type CSSProperties, useState } from 'react'
import { useText } from '../app/prefs'

const MASKED: CSSProperties & { WebkitTextSecurity: string } = { WebkitTextSecurity: 'disc' }

interface SecretInputProps
  extends Pick<TextareaProps, 'aria-label' | 'label' | 'description' | 'error' | 'id' | 'inputWrapperOrder'> {
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  /** Takes the keyboard when its dialog opens. */
  autoFocus?: boolean
}

/**
 * What must not be read over a shoulder; shown only while the person asks for it. It takes several lines, since a pasted key has them: Enter
 * sends the form, as in any other field.
 */
export function SecretInput({ value, onChange, onBlur, autoFocus, ...rest }: SecretInputProps) {
  const { t } = useText()
  const [shown, setShown] = useState(false)
  const Icon = shown ? IconEyeOff : IconEye
  return (
    <Textarea
      {...rest}
      {...(autoFocus ? { 'data-autofocus': true } : {})}
      autosize
      minRows={1}
      maxRows={6}
      spellCheck={false}
      autoCorrect="off"
      autoCapitalize="off"
      autoComplete="off"
      value={value}
      styles={{ input: shown ? { fontFamily: 'monospace' } : MASKED }}
      rightSection={
        <ActionIcon
          size="sm"
          aria-label={t(shown ? 'secretInput.hide' : 'secretInput.show')}
          onClick={() => setShown(!shown)}
        >
          <Icon size={16} />
        </ActionIcon>
      }
      onBlur={onBlur}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey) return
        event.preventDefault()
        event.currentTarget.form?.requestSubmit()
      }}
    />
  )
}
