package ai.callmeback.voice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The voice worker: holds the media sockets and talks. */
@SpringBootApplication
public class VoiceWorkerApplication {
    public static void main(String[] args) {
        SpringApplication.run(VoiceWorkerApplication.class, args);
    }
}
