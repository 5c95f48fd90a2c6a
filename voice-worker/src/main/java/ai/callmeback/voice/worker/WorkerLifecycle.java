package ai.callmeback.voice.worker;

import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.VoiceWorkers;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.voice.rehearsal.Rehearsal;
import ai.callmeback.voice.socket.LiveCalls;
import ai.callmeback.voice.socket.MediaServer;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes the worker known once its port is open and it has {@linkplain Rehearsal rehearsed}, and takes it out of service first of all when the process stops.
 *
 * <p>The address is {@code MEDIA_URL} if set (a load balancer), else this process's own on loopback.
 */
@Component("voiceWorker")
class WorkerLifecycle implements SmartLifecycle, HealthIndicator {
    private final VoiceWorkers workers;
    private final MediaOwners owners;
    private final LiveCalls calls;
    private final VoiceConfiguration.Incarnation self;
    private final PlatformSettings platform;
    private final VoiceSettings settings;
    private final TemporalSide temporal;
    private final GreetingMaker greetings;
    private final ClaimRehearsal claimRehearsal;
    private volatile @Nullable WorkerLife life;
    private volatile boolean running;
    private boolean stopped;

    WorkerLifecycle(
            VoiceWorkers workers,
            MediaOwners owners,
            LiveCalls calls,
            VoiceConfiguration.Incarnation self,
            PlatformSettings platform,
            VoiceSettings settings,
            TemporalSide temporal,
            GreetingMaker greetings,
            ClaimRehearsal claimRehearsal) {
        this.greetings = greetings;
        this.claimRehearsal = claimRehearsal;
        this.workers = workers;
        this.owners = owners;
        this.calls = calls;
        this.self = self;
        this.platform = platform;
        this.settings = settings;
        this.temporal = temporal;
    }

    @EventListener
    void onServer(WebServerInitializedEvent event) {
        URI mediaUrl = platform.mediaUrl();
        String url = mediaUrl != null
                ? mediaUrl.toString()
                : "ws://127.0.0.1:" + event.getWebServer().getPort() + MediaServer.PATH;
        Thread.ofPlatform().name("rehearsal").daemon().start(() -> {
            // Beside each other: one is work for an event loop, the other mostly a wait for the database.
            CompletableFuture<Void> claims = CompletableFuture.runAsync(
                    claimRehearsal::play,
                    Thread.ofPlatform().name("claim-rehearsal").daemon()::start);
            new Rehearsal(settings.rehearsal()).play();
            claims.join();
            takeCalls(url);
        });
    }

    /** Nobody knows this worker before, so nobody sends it calls. */
    private synchronized void takeCalls(String url) {
        if (!stopped) {
            WorkerLife started = new WorkerLife(workers, owners, calls, self.id(), url);
            started.start();
            life = started;
            temporal.start();
            greetings.start();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Takes as long as the drain does: it stops here and now, so no limit of Spring's for a phase of a stop cuts it short. */
    @Override
    public void stop() {
        running = false;
        WorkerLife known = stopTaking();
        if (known != null) {
            known.drain(settings.drain());
            known.close();
        }
    }

    private synchronized @Nullable WorkerLife stopTaking() {
        stopped = true;
        return life;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before everything else, the web server included: calls need all of it while they are handed over. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Health health() {
        WorkerLife known = life;
        return known != null && known.isRegistered()
                ? Health.up().build()
                : Health.outOfService().build();
    }
}
