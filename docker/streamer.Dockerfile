# Kafka's image: Debian, a Java runtime of the modules that Kafka uses, Kafka's verified packages (build/kafka-*, which
# `make kafka` fetches and verifies), the streamer. `make -C streamer build-image` calls it.
#
# Not cross-built: the class archive below is what the JVM itself writes down at a start, so the builder must be able to
# run the platform's programs.
ARG DEBIAN_IMAGE=debian:trixie-20260918-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a

FROM $DEBIAN_IMAGE AS java
ARG DEBIAN_SNAPSHOT
ARG PACKAGES_OF
COPY docker/packages.sh docker/target.sh /build/
# What Kafka's packages name (jdeps -s; the desktop is log4j's, for java.beans), and elliptic curves, without which there is
# no TLS.
RUN /build/packages.sh +openjdk-21-jdk-headless +jq && \
    jlink --output /java --strip-java-debug-attributes --no-header-files --no-man-pages --generate-cds-archive --add-modules \
    java.desktop,java.logging,java.management,java.naming,java.rmi,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.management,jdk.unsupported

FROM $DEBIAN_IMAGE AS node
COPY --from=java /java /opt/java
COPY --from=java /usr/share/doc/openjdk-21-jre-headless/copyright /usr/share/doc/openjdk-21-jre-headless/
COPY build/kafka-*/lib /opt/kafka/lib
COPY LICENSE streamer/SHA256SUMS streamer/log4j2.properties streamer/pom.xml streamer/server.properties streamer/streamer /opt/streamer/
ENV JAVA_HOME=/opt/java KAFKLOUD_KAFKA_CACHE=/opt/kafka KAFKLOUD_HOME=/data STREAMER_ADDR=0.0.0.0 \
    PATH=/opt/streamer:/usr/local/bin:/usr/bin:/bin
# Verifies the packages, starts a broker once for the class archive, and leaves nothing else of that.
RUN streamer fetch && \
    rm -rf /opt/kafka/lock /opt/kafka/verify.log /tmp/* && \
    echo 'kafkloud:x:65532:65532:kafkloud:/data:/usr/sbin/nologin' >>/etc/passwd && \
    echo 'kafkloud:x:65532:' >>/etc/group && \
    install -d -m 700 -o 65532 -g 65532 /data

# The list of its parts: Debian's packages, the Java runtime's, Kafka's.
FROM java AS list
ARG TAG
ARG SOURCE_DATE_EPOCH=0
COPY docker/sbom.sh /build/
COPY streamer/SHA256SUMS /parts/
COPY --from=node /var/lib/dpkg/status /status/debian
RUN dpkg-query -s openjdk-21-jre-headless >/status/java && /build/sbom.sh streamer "$SOURCE_DATE_EPOCH" /status >/sbom.spdx.json

FROM node
COPY --from=list /sbom.spdx.json /usr/share/doc/kafkloud/
ARG TAG
ARG COMMIT
ARG CREATED
ARG SOURCE
LABEL org.opencontainers.image.title="kafkloud-streamer" \
      org.opencontainers.image.version="$TAG" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.licenses="Apache-2.0"
EXPOSE 9092 9093 9094
USER 65532:65532
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["streamer", "healthcheck"]
ENTRYPOINT ["streamer"]
CMD ["run"]
