// The release that the stand-in stands in for, and the names that follow from it.

export const RELEASE = '1.23.2-asm.2';
/** What `asmcli --version` prints. */
export const ASMCLI_VERSION = `${RELEASE}+config1`;
export const ISTIO_FOLDER = `istio-${RELEASE}`;
export const ISTIOCTL_PATH = `${ISTIO_FOLDER}/bin/istioctl`;
/** The revision when none is asked for. */
export const DEFAULT_ASM_REVISION = 'asm-1232-2';
