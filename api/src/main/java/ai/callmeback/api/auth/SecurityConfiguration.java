package ai.callmeback.api.auth;

import static ai.callmeback.api.auth.CallerAuthentication.SESSION;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.problem.ProblemWriter;
import ai.callmeback.db.identity.Scope;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import reactor.core.publisher.Mono;

/**
 * Who may reach which path, on one screen. There are no cookies, so there is nothing for a forged request to ride on.
 * That a thing belongs to the caller is checked where it is read: every query names the owner.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class SecurityConfiguration {
    @Bean
    SecurityWebFilterChain security(ServerHttpSecurity http, BearerAuthentication bearer, ProblemWriter problems) {
        ServerAuthenticationEntryPoint notAuthenticated = (exchange, e) -> problems.write(
                exchange,
                ProblemException.of(
                        ProblemCode.NOT_AUTHENTICATED, "Sign in, or send an API key, as 'Authorization: Bearer …'."));
        ServerAccessDeniedHandler notAllowed = (exchange, e) -> problems.write(
                exchange,
                ProblemException.of(
                        ProblemCode.NOT_ALLOWED, "This needs another scope or role, or a signed-in person."));
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .anonymous(anonymous -> {})
                .headers(ServerHttpSecurity.HeaderSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .exceptionHandling(
                        e -> e.authenticationEntryPoint(notAuthenticated).accessDeniedHandler(notAllowed))
                .addFilterAt(bearerFilter(bearer, notAuthenticated), SecurityWebFiltersOrder.AUTHENTICATION)
                .authorizeExchange(SecurityConfiguration::rules)
                .build();
    }

    /** A path that means another than it says, such as one with a NUL or an encoded slash, is answered like all else. */
    @Bean
    ServerExchangeRejectedHandler rejectedPaths(ProblemWriter problems) {
        return (exchange, e) -> problems.write(
                exchange,
                ProblemException.of(ProblemCode.BAD_REQUEST, "The path holds characters that no path here has."));
    }

    private static AuthenticationWebFilter bearerFilter(
            BearerAuthentication bearer, ServerAuthenticationEntryPoint notAuthenticated) {
        // The converter has already asked the database; there is nothing left for a manager to decide.
        ReactiveAuthenticationManager alreadyChecked = Mono::just;
        AuthenticationWebFilter filter = new AuthenticationWebFilter(alreadyChecked);
        filter.setServerAuthenticationConverter(bearer);
        filter.setAuthenticationFailureHandler((web, e) -> notAuthenticated.commence(web.getExchange(), e));
        return filter;
    }

    private static void rules(AuthorizeExchangeSpec paths) {
        paths.pathMatchers(HttpMethod.POST, "/api/auth/register", "/api/auth/login")
                .permitAll()
                .pathMatchers(HttpMethod.GET, "/api/info", "/api/catalogue", "/api/personas", "/api/personas/*")
                .permitAll()
                .pathMatchers("/api/auth/validate")
                .authenticated()
                .pathMatchers("/api/auth/logout", "/api/api-keys", "/api/api-keys/**")
                .hasAuthority(SESSION)
                .pathMatchers(HttpMethod.GET, "/api/me")
                .hasAuthority(Scope.ACCOUNT_READ.wire())
                .pathMatchers("/api/me")
                .hasAuthority(SESSION)
                .pathMatchers(HttpMethod.GET, "/api/memories")
                .hasAuthority(Scope.ACCOUNT_READ.wire())
                .pathMatchers("/api/memories", "/api/memories/*")
                .hasAuthority(SESSION)
                .pathMatchers(HttpMethod.GET, "/api/calls", "/api/calls/**")
                .hasAuthority(Scope.CALLS_READ.wire())
                .pathMatchers("/api/calls", "/api/calls/**")
                .hasAuthority(Scope.CALLS_WRITE.wire())
                .pathMatchers("/api/credits", "/api/credits/**")
                .hasAuthority(Scope.CREDITS_READ.wire())
                .pathMatchers(HttpMethod.GET, "/api/purchases", "/api/purchases/*")
                .hasAuthority(Scope.CREDITS_READ.wire())
                .pathMatchers("/api/purchases")
                .hasAuthority(SESSION)
                .pathMatchers(HttpMethod.GET, "/api/subscriptions", "/api/subscriptions/*")
                .hasAuthority(Scope.CREDITS_READ.wire())
                .pathMatchers("/api/subscriptions", "/api/subscriptions/**")
                .hasAuthority(SESSION)
                .pathMatchers(HttpMethod.GET, "/api/auto-topup")
                .hasAuthority(Scope.CREDITS_READ.wire())
                .pathMatchers("/api/auto-topup")
                .hasAuthority(SESSION)
                .pathMatchers(HttpMethod.GET, "/api/budget")
                .hasAuthority(Scope.CREDITS_READ.wire())
                .pathMatchers("/api/budget")
                .hasAuthority(SESSION)
                .pathMatchers("/api/finance/**", "/api/operator/ledger/**")
                .hasRole("FINANCE")
                .pathMatchers("/api/operator/**")
                .hasRole("OPERATOR")
                .pathMatchers("/api/**")
                .authenticated()
                // Their own checks: a vendor's signature, the Temporal UI's origin.
                .pathMatchers("/webhooks/**", "/codec/**")
                .permitAll()
                .pathMatchers("/actuator/health", "/actuator/health/**")
                .permitAll()
                .pathMatchers("/actuator/**")
                .hasRole("OPERATOR")
                .pathMatchers(HttpMethod.GET, "/**")
                .permitAll()
                .pathMatchers(HttpMethod.HEAD, "/**")
                .permitAll()
                .anyExchange()
                .denyAll();
    }
}
