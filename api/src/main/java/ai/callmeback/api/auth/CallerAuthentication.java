package ai.callmeback.api.auth;

import ai.callmeback.db.identity.Scope;
import ai.callmeback.db.identity.UserAccount.Role;
import java.util.ArrayList;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller in the words of Spring Security: scopes, {@code SESSION}, and the roles of a signed-in person. */
final class CallerAuthentication extends AbstractAuthenticationToken {
    static final String SESSION = "SESSION";
    private static final long serialVersionUID = 1L;

    private final transient Caller caller;

    CallerAuthentication(Caller caller) {
        super(authorities(caller));
        this.caller = caller;
        super.setAuthenticated(true);
    }

    /** A role comes with signing in; an API key, even an operator's, carries its scopes alone. */
    private static List<GrantedAuthority> authorities(Caller caller) {
        List<GrantedAuthority> all = new ArrayList<>();
        for (Scope scope : caller.scopes()) {
            all.add(new SimpleGrantedAuthority(scope.wire()));
        }
        if (caller.kind() == Caller.Kind.SESSION) {
            all.add(new SimpleGrantedAuthority(SESSION));
            for (Role role : Role.values()) {
                if (role.compareTo(caller.user().role()) <= 0) {
                    all.add(new SimpleGrantedAuthority("ROLE_" + role));
                }
            }
        }
        return all;
    }

    @Override
    public Caller getPrincipal() {
        return caller;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallerAuthentication that && that.caller.equals(caller);
    }

    @Override
    public int hashCode() {
        return caller.hashCode();
    }
}
