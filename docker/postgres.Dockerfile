# PostgreSQL for the consumers' receipts, from Debian's own packages on the base that all images have: the server and its
# files on a bare Debian, without what Debian manages several of them with. `make build-image-postgres` calls it.
ARG DEBIAN_IMAGE=debian:trixie-20260918-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a

FROM $DEBIAN_IMAGE AS installed
ARG DEBIAN_SNAPSHOT
ARG PACKAGES_OF
COPY docker/packages.sh docker/target.sh docker/postgres-files.sh /build/
RUN ls /usr/lib/*-linux-gnu >/build/bare && \
    install -D /var/lib/dpkg/status /status/debian && \
    /build/packages.sh +postgresql-17 +jq && \
    /build/postgres-files.sh /files
ARG TAG
ARG SOURCE_DATE_EPOCH=0
COPY docker/sbom.sh /build/
RUN mkdir -p /files/usr/share/doc/kafkloud && /build/sbom.sh postgres "$SOURCE_DATE_EPOCH" /status >/files/usr/share/doc/kafkloud/sbom.spdx.json

FROM $DEBIAN_IMAGE
COPY --from=installed /files/ /
COPY --chmod=755 docker/postgres /usr/local/bin/kafkloud-postgres
RUN echo 'kafkloud:x:65532:65532:kafkloud:/data:/usr/sbin/nologin' >>/etc/passwd && \
    echo 'kafkloud:x:65532:' >>/etc/group && \
    install -d -m 700 -o 65532 -g 65532 /data
ENV PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/data/pgdata

ARG TAG
ARG COMMIT
ARG CREATED
ARG SOURCE
LABEL org.opencontainers.image.title="kafkloud-postgres" \
      org.opencontainers.image.version="$TAG" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.licenses="PostgreSQL"
EXPOSE 5432
USER 65532:65532
# SIGTERM would wait until the last client has left.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["pg_isready", "-q", "-h", "127.0.0.1"]
ENTRYPOINT ["kafkloud-postgres"]
