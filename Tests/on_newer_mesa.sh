#!/usr/bin/env bash
# Runs tests on the lavapipe of Debian trixie-backports (Mesa 26), which has cooperative matrices: so the matrix path is tested without a GPU.
# The convolutions are among them, as that driver does not bear every form of their texel kernels (operands.glsl says which).
#
#     ./vae test --filter none          # builds the tests, once
#     Tests/on_newer_mesa.sh [FILTER]   # default: mixed precision and convolutions; 'FullyQualifiedName~Tests' is everything
#
# Needs root and debootstrap, which has a mirror of Debian by default; MIRROR names another. The system goes into Artifacts~/mesa, 700 MB, and
# is mounted for the run alone.
set -euo pipefail

root="$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")"
system="$root/Artifacts~/mesa"
dotnet="$(dirname "$(readlink -f "$(command -v dotnet)")")"
filter="${1:-FullyQualifiedName~MixedPrecision|FullyQualifiedName~MatrixTrial|FullyQualifiedName~LossScale|FullyQualifiedName~Shaders.Conv}"

fail() { printf 'on_newer_mesa: %s\n' "$@" >&2; exit 1; }
[[ $EUID == 0 ]] || fail "mounting needs root."
command -v debootstrap >/dev/null || fail "debootstrap is needed (Debian: apt-get install debootstrap)."
tests="$root/Artifacts~/bin/VaeProcgen.Tests/release/VaeProcgen.Tests.dll"
[[ -f "$tests" ]] || fail "the tests are not built: run ./vae test --filter none."

if [[ ! -e "$system/ready" ]]; then
    rm -rf "$system"
    debootstrap --variant=minbase trixie "$system" ${MIRROR:+"$MIRROR"} >/dev/null
    sed "s/ trixie / trixie-backports /" "$system/etc/apt/sources.list" >"$system/etc/apt/sources.list.d/backports.list"
    chroot "$system" sh -c 'apt-get update && apt-get install -y --no-install-recommends libstdc++6 procps glslc vulkan-validationlayers \
        && apt-get install -y --no-install-recommends -t trixie-backports mesa-vulkan-drivers libvulkan1' >/dev/null 2>&1 \
        || fail "the packages could not be installed into $system."
    touch "$system/ready"
fi

mkdir -p "$system$root" "$system$dotnet"
export root system dotnet tests filter
unshare --mount bash -c '
    mount --bind "$root" "$system$root" && mount --bind "$dotnet" "$system$dotnet" && mount --bind /dev "$system/dev" && mount -t proc proc "$system/proc"
    exec chroot "$system" env DOTNET_ROOT="$dotnet" PATH="$dotnet:/usr/bin:/bin" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 HOME=/root DOTNET_CLI_HOME=/tmp \
        dotnet vstest "$tests" "--TestCaseFilter:$filter"'
