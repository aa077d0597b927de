/**
 * A workflow written for these tests. It has every defect of contract 5 (34-40) at once, in jobs and steps named as
 * those of the real one, so that each test can show that it would see its own.
 */
export const FAULTY_WORKFLOW = `
name: Images
on:
  push:
    tags: ["v*"]
  workflow_dispatch:
permissions:
  contents: write
  packages: write
env:
  REGISTRY: registry.test/lamb
jobs:
  drift:
    name: Nothing is checked
    runs-on: ubuntu-latest
    outputs:
      origin: \${{ steps.origin.outputs.origin }}
    steps:
      - name: See what this run is for
        id: origin
        env:
          REF: \${{ github.ref }}
        run: |
          echo "origin=release" >>"$GITHUB_OUTPUT"
  build:
    name: \${{ matrix.image }}
    needs: [drift]
    runs-on: ubuntu-latest
    strategy:
      fail-fast: false
      matrix:
        include:
          - {image: lamb, context: ., dockerfile: backend/Dockerfile}
          - {image: openwebui, context: open-webui, dockerfile: open-webui/Dockerfile}
    steps:
      - name: Check out
        uses: actions/checkout@v4
      - name: Emulate other machines
        uses: docker/setup-qemu-action@v3
      - name: Build and push
        uses: docker/build-push-action@v6
        with:
          context: \${{ matrix.context }}
          file: \${{ matrix.dockerfile }}
          platforms: linux/amd64,linux/arm64
          push: true
          tags: \${{ env.REGISTRY }}/\${{ matrix.image }}:latest
  publish:
    name: Publish
    needs: [drift]
    runs-on: ubuntu-latest
    steps:
      - name: Work out the tags
        env:
          REF: \${{ github.ref }}
        run: |
          echo "all latest"
          echo "never \${REF##*/}"
      - name: Greet
        run: echo "\${{ github.actor }}, the images of \${{ github.ref_name }} are there"
`;
