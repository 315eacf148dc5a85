// The only place that knows @vscode/webview-ui-toolkit. It is archived: to replace it, replace this file.
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeProgressRing, vsCodeTextField } from '@vscode/webview-ui-toolkit';

/** Defines the elements; call it before any of them is made. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing(), vsCodeTextField());
}

export interface ToolkitButton {
  readonly element: HTMLElement;
  setLabel(label: string): void;
}

export function createButton(appearance: 'primary' | 'secondary', onClick: () => void): ToolkitButton {
  const element = document.createElement('vscode-button');
  element.setAttribute('appearance', appearance);
  element.addEventListener('click', onClick);
  return {
    element,
    setLabel: (label) => {
      if (element.textContent !== label) element.textContent = label;
    },
  };
}

export interface ToolkitTextField {
  readonly element: HTMLElement;
  setValue(text: string): void;
  setLabels(label: string, placeholder: string): void;
}

export function createTextField(onInput: (text: string) => void): ToolkitTextField {
  const element = document.createElement('vscode-text-field') as HTMLElement & { value: string };
  element.addEventListener('input', () => {
    onInput(element.value);
  });
  return {
    element,
    setValue: (text) => {
      if (element.value !== text) element.value = text;
    },
    setLabels: (label, placeholder) => {
      if (element.getAttribute('aria-label') !== label) element.setAttribute('aria-label', label);
      if (element.getAttribute('placeholder') !== placeholder) element.setAttribute('placeholder', placeholder);
    },
  };
}

/** Decoration: the text beside it says how far the work is. The toolkit's own name for it, an English alert, is not heard. */
export function createProgressRing(): HTMLElement {
  const element = document.createElement('span');
  element.className = 'ring';
  element.setAttribute('aria-hidden', 'true');
  element.append(document.createElement('vscode-progress-ring'));
  return element;
}
