# syntax=docker/dockerfile:1
# The three applications, one target each: docker build --target api .
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -DskipTests -Dspotless.check.skip=true -Dstatic.checks=-parameters -pl api,activities,voice-worker -am package \
    && for module in api activities voice-worker; do \
         java -Djarmode=tools -jar $module/target/*-app.jar extract --destination /image/$module \
         && mv /image/$module/*-app.jar /image/$module/app.jar || exit 1; \
       done

FROM eclipse-temurin:25-jre AS runtime
RUN useradd --system --uid 10001 callmeback
USER 10001
WORKDIR /app
# Unknown options of other JDKs are passed over; the heap follows the container's memory.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

FROM runtime AS api
COPY --from=build /image/api/ ./
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-jar", "app.jar"]

FROM runtime AS call-worker
COPY --from=build /image/activities/ ./
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-jar", "app.jar"]

FROM runtime AS voice-worker
COPY --from=build /image/voice-worker/ ./
EXPOSE 8082
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8082 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
# The JVM's compilers give way to the calls. Lowering a priority needs no privilege, whatever the JVM says about it.
ENTRYPOINT ["java", "-XX:+UseZGC", "-XX:ThreadPriorityPolicy=1", "-XX:CompilerThreadPriority=10", "-jar", "app.jar"]
